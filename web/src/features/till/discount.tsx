// A discount in percent or as an amount, on a line or on the ticket.
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { Discount } from "@/money/discount";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { MoneyInput } from "@/ui/money-input";

interface DiscountDialogProps {
  isOpen: boolean;
  title: string;
  currency: string;
  discount: Discount | null;
  onDiscount: (discount: Discount | null) => void;
  onClose: () => void;
}

const QUICK = ["5", "10", "20", "30", "50"];

function readPercent(text: string): string | null {
  const plain = text.trim().replace(",", ".");
  if (!/^\d{1,3}(\.\d{1,4})?$/.test(plain) || /^0*(\.0*)?$/.test(plain)) return null;
  return Number(plain) <= 100 ? plain : null;
}

export function DiscountDialog(props: DiscountDialogProps) {
  const { isOpen, title, currency, discount, onDiscount, onClose } = props;
  const t = useTranslations("till");
  const [percent, setPercent] = useState("");
  const [amount, setAmount] = useState<number | null>(null);
  const read = readPercent(percent);
  // The next one begins empty: digits typed behind the last percentage would make another.
  const close = () => {
    setPercent("");
    setAmount(null);
    onClose();
  };
  const give = (next: Discount | null) => {
    onDiscount(next);
    close();
  };
  return (
    <Dialog title={title} isOpen={isOpen} onClose={close} size="sm">
      <div className="grid gap-5 text-lg">
        <div className="grid grid-cols-5 gap-2">
          {QUICK.map((value) => (
            <Button key={value} size="lg" className="!px-1" onClick={() => give({ percent: value })}>
              {t("percentOff", { value })}
            </Button>
          ))}
        </div>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            if (read !== null) give({ percent: read });
            else if (amount !== null && amount > 0) give({ amountMinor: amount });
          }}
        >
          <TextField
            label={t("percent")}
            inputMode="decimal"
            inputSize="lg"
            autoFocus
            autoComplete="off"
            value={percent}
            error={percent !== "" && read === null ? t("percentWrong") : undefined}
            onChange={(event) => setPercent(event.target.value)}
          />
          <MoneyInput
            label={t("orAmount")}
            currency={currency}
            minor={amount}
            onMinor={setAmount}
            inputSize="lg"
          />
          <Button
            type="submit"
            kind="primary"
            size="xl"
            disabled={read === null && !(amount !== null && amount > 0)}
          >
            {t("giveDiscount")}
          </Button>
        </form>
        {discount !== null && (
          <Button size="lg" onClick={() => give(null)}>
            {t("noDiscount")}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
