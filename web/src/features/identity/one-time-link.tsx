// A link that is shown once, to be handed over.
import { Copy } from "lucide-react";
import { useTranslations } from "use-intl";

import { Button } from "@/ui/button";
import { useToast } from "@/ui/toast";

interface OneTimeLinkProps {
  lead: string;
  path: string;
}

export function OneTimeLink({ lead, path }: OneTimeLinkProps) {
  const common = useTranslations("common");
  const toast = useToast();
  const link = `${window.location.origin}${path}`;
  return (
    <div className="grid gap-3">
      <p>{lead}</p>
      <p className="rounded-lg bg-line-2 p-3 break-all select-all">{link}</p>
      <Button
        kind="primary"
        onClick={() => void navigator.clipboard.writeText(link).then(() => toast(common("copied")))}
      >
        <Copy size={16} aria-hidden />
        {common("copy")}
      </Button>
    </div>
  );
}
