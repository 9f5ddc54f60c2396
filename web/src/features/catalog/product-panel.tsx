// A product beside the list: its variants, their codes, prices and stock, and changing them.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { ProductOut, VariantOut } from "@/api";
import { useSession } from "@/app/session";
import { FilesOf } from "@/features/files/files-of";
import { useShopMoment } from "@/features/sales/queries";
import { Button } from "@/ui/button";
import { Chip, SkeletonRows } from "@/ui/marks";
import { useDecimal, usePrice } from "@/ui/money";
import { SidePanel } from "@/ui/page";
import { ErrorState } from "@/ui/states";

import { EditProduct } from "./edit-product";
import { useMovements, useProduct } from "./queries";

interface ProductPanelProps {
  productId: string;
  storeId: string | undefined;
  onClose: () => void;
  onTag: (tag: string) => void;
}

export function ProductPanel({ productId, storeId, onClose, onTag }: ProductPanelProps) {
  const t = useTranslations("catalog");
  const product = useProduct(productId);
  const [isEditing, setEditing] = useState(false);
  const client = useQueryClient();
  const { may } = useSession();
  const moment = useShopMoment();
  const done = () => {
    setEditing(false);
    void client.invalidateQueries({ queryKey: ["variants"] });
    void client.invalidateQueries({ queryKey: ["product", productId] });
  };
  return (
    <SidePanel label={product.data?.name ?? t("product")} kicker={t("product")} onClose={onClose}>
      {product.isError ? (
        <ErrorState failure={product.error} onRetry={() => void product.refetch()} />
      ) : product.isPending ? (
        <SkeletonRows />
      ) : isEditing ? (
        <EditProduct product={product.data} onDone={done} onCancel={() => setEditing(false)} />
      ) : (
        <div className="grid gap-5">
          <p className="-mt-3 text-ink-2">
            {t("variants", { count: product.data.variants.length })} ·{" "}
            {t("changedAt", { time: moment(product.data.updated_at) })}
          </p>
          {may("catalog.write") && <Button onClick={() => setEditing(true)}>{t("edit")}</Button>}
          <About product={product.data} onTag={onTag} />
          <FilesOf
            owner={{ kind: "catalog.product", id: productId }}
            mayChange={may("catalog.write")}
            accept="image/jpeg,image/png,image/webp,application/pdf"
          />
          {product.data.variants.map((variant) => (
            <Variant key={variant.id} product={product.data} variant={variant} storeId={storeId} />
          ))}
        </div>
      )}
    </SidePanel>
  );
}

/** What belongs to all variants; what is empty is left out. */
function About({ product, onTag }: { product: ProductOut; onTag: (tag: string) => void }) {
  const t = useTranslations("catalog");
  const facts = [
    [t("vendor"), product.vendor ?? ""],
    [t("description"), product.description],
  ].filter(([, value]) => value !== "");
  if (facts.length === 0 && product.tags.length === 0) return null;
  return (
    <dl className="grid grid-cols-[7rem_1fr] gap-y-1.5">
      {facts.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-ink-2">{label}</dt>
          <dd className="break-words whitespace-pre-line">{value}</dd>
        </div>
      ))}
      {product.tags.length > 0 && (
        <>
          <dt className="text-ink-2">{t("tags")}</dt>
          <dd className="flex flex-wrap gap-1">
            {product.tags.map((tag) => (
              <Chip
                key={tag}
                aria-pressed={undefined}
                title={t("filterByTag", { tag })}
                onClick={() => onTag(tag)}
              >
                {tag}
              </Chip>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}

interface VariantProps {
  product: ProductOut;
  variant: VariantOut;
  storeId: string | undefined;
}

function Variant({ product, variant, storeId }: VariantProps) {
  const t = useTranslations("catalog");
  const price = usePrice();
  const decimal = useDecimal();
  const facts: [string, string][] = [
    [t("price"), price(variant.price, variant.currency)],
    ...(variant.cost === null
      ? []
      : [[t("cost"), price(variant.cost, variant.currency)] as [string, string]]),
    [t("taxRate"), `${decimal(variant.tax_rate)} %`],
    [t("unit"), t("unitName", { unit: variant.unit })],
    ...(variant.is_active ? [] : [[t("isActive"), t("yesNo", { value: "false" })] as [string, string]]),
    [t("sku"), variant.sku ?? "—"],
    [t("barcode"), variant.barcodes.map((one) => one.code).join(", ") || "—"],
  ];
  return (
    <section className="grid gap-3 border-t border-line-2 pt-4">
      {variant.name !== product.name && <h3 className="font-medium">{variant.name}</h3>}
      <dl className="grid grid-cols-[7rem_1fr] gap-y-1.5">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-ink-2">{label}</dt>
            <dd className="tabular break-words">{value}</dd>
          </div>
        ))}
      </dl>
      <Movements variantId={variant.id} storeId={storeId} />
    </section>
  );
}

function Movements({ variantId, storeId }: { variantId: string; storeId: string | undefined }) {
  const t = useTranslations("catalog");
  const decimal = useDecimal();
  const moment = useShopMoment();
  const movements = useMovements(storeId, variantId);
  if (movements.data === undefined) return null;
  if (movements.data.items.length === 0) return <p className="text-sm text-ink-3">{t("noMovements")}</p>;
  return (
    <table className="w-full text-sm">
      <caption className="pb-1 text-start text-ink-2">{t("movements")}</caption>
      <tbody>
        {movements.data.items.map((row) => (
          <tr key={row.id} className="border-t border-line-2">
            <td className="py-1.5">
              {t("kind", { kind: row.kind })}
              <span className="block text-ink-3">{moment(row.happened_at)}</span>
            </td>
            <td className="num py-1.5">{decimal(row.quantity)}</td>
            <td className="num py-1.5 font-medium">{decimal(row.balance)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
