// The two addresses of one-time links.
import { AcceptPage } from "./accept";

export function SetupPage() {
  return <AcceptPage isFirst />;
}

export function JoinPage() {
  return <AcceptPage isFirst={false} />;
}
