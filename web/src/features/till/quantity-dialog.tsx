// Entering a quantity: pieces, or a weight or length.
import { useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";

import { readQuantity } from "./quantity";
import type { Line } from "./ticket";

interface QuantityDialogProps {
  isOpen: boolean;
  line: Line;
  onQuantity: (quantity: string) => void;
  onClose: () => void;
}

export function QuantityDialog({ isOpen, line, onQuantity, onClose }: QuantityDialogProps) {
  const t = useTranslations("till");
  const common = useTranslations("common");
  const [text, setText] = useState("");
  const { unit } = line.tile;
  const quantity = readQuantity(text, unit);
  const close = () => {
    setText("");
    onClose();
  };
  return (
    <Dialog title={line.tile.name} isOpen={isOpen} onClose={close} size="sm">
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (quantity === null) return;
          onQuantity(quantity);
          close();
        }}
      >
        <TextField
          label={unit === "piece" ? t("howMany") : t("howMuch", { unit: common("unitSign", { unit }) })}
          inputMode="decimal"
          inputSize="lg"
          autoFocus
          autoComplete="off"
          placeholder={line.quantity}
          value={text}
          error={text !== "" && quantity === null ? t("quantityWrong") : undefined}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" kind="primary" size="xl" disabled={quantity === null}>
          {t("setQuantity")}
        </Button>
      </form>
    </Dialog>
  );
}
