// Going to another address, once however often this is drawn. (The router's own Navigate goes again at every render.)
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";

import { SkeletonRows } from "@/ui/marks";

export function GoTo({ href }: { href: string }) {
  const navigate = useNavigate();
  useEffect(() => {
    void navigate({ href, replace: true });
  }, [href, navigate]);
  return <SkeletonRows />;
}
