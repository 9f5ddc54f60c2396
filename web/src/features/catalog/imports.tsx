// Importing products from a file: send it, watch it, read what became of every row.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { FileUp } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { ImportOut } from "@/api";
import { useShopFacts, useShopMoment } from "@/features/sales/queries";
import { buttonStyle } from "@/ui/button";
import { SelectField } from "@/ui/field";
import { Columns } from "@/ui/columns";
import { readHidden, writeHidden } from "@/ui/columns-state";
import { type Column, ListTable, NextPage } from "@/ui/list";
import { Badge, SkeletonRows, type Tone } from "@/ui/marks";
import { Card, Page } from "@/ui/page";
import { ErrorState, Refusal } from "@/ui/states";

import { Report } from "./import-report";
import { useImport, useImports } from "./queries";
import { sendFile } from "./upload";

const TONES: Record<ImportOut["status"], Tone> = {
  waiting: "plain",
  running: "accent",
  done: "ok",
  failed: "bad",
};

export function ImportsPage() {
  const t = useTranslations("catalog");
  const navigate = useNavigate();
  const moment = useShopMoment();
  const { columns: hiddenText } = useSearch({ from: "/guarded/shell/catalogue/imports" });
  const hidden = readHidden(hiddenText);
  const imports = useImports();
  const rows = imports.data?.pages.flatMap((page) => page.items) ?? [];
  const open = (id: string) =>
    void navigate({ to: "/catalogue/imports/$importId", params: { importId: id } });
  const columns: (Column<ImportOut> & { label: string })[] = [
    {
      key: "file",
      label: t("file"),
      title: t("file"),
      cell: (one) => (
        <Link
          to="/catalogue/imports/$importId"
          params={{ importId: one.id }}
          className="hit min-w-40 font-medium break-all"
        >
          {one.filename}
        </Link>
      ),
    },
    {
      key: "status",
      label: t("outcome"),
      title: t("outcome"),
      cell: (one) => <Badge tone={TONES[one.status]}>{t("status", { status: one.status })}</Badge>,
    },
    {
      key: "accepted",
      label: t("accepted"),
      title: t("accepted"),
      isNumber: true,
      cell: (one) => one.rows_accepted,
    },
    {
      key: "rejected",
      label: t("rejected"),
      title: t("rejected"),
      isNumber: true,
      cell: (one) => one.rows_rejected,
    },
    { key: "at", label: t("at"), title: t("at"), cell: (one) => moment(one.created_at) },
  ];
  return (
    <Page
      title={t("imports")}
      actions={
        <Link to="/catalogue" className={buttonStyle()}>
          {t("title")}
        </Link>
      }
    >
      <div className="mx-auto grid max-w-4xl gap-6 p-6">
        <Upload onSent={open} />
        <section>
          <div className="mb-2 flex items-center gap-2">
            <h2 className="flex-1 font-medium text-ink-2">{t("earlier")}</h2>
            <Columns
              columns={columns}
              hidden={hidden}
              onChange={(next) =>
                void navigate({
                  to: "/catalogue/imports",
                  search: { columns: writeHidden(next) },
                  replace: true,
                })
              }
            />
          </div>
          {imports.isError ? (
            <ErrorState failure={imports.error} onRetry={() => void imports.refetch()} />
          ) : imports.isPending ? (
            <SkeletonRows rows={4} />
          ) : rows.length === 0 ? (
            <p className="text-ink-3">{t("noImports")}</p>
          ) : (
            <>
              <ListTable
                label={t("earlier")}
                columns={columns.map((column) => ({ ...column, isHidden: hidden.has(column.key) }))}
                rows={rows}
                keyOf={(one) => one.id}
                onOpen={(one) => open(one.id)}
              />
              <NextPage
                hasMore={imports.hasNextPage}
                isLoading={imports.isFetchingNextPage}
                onMore={() => void imports.fetchNextPage()}
              />
            </>
          )}
        </section>
      </div>
    </Page>
  );
}

function Upload({ onSent }: { onSent: (importId: string) => void }) {
  const t = useTranslations("catalog");
  const client = useQueryClient();
  const shop = useShopFacts();
  const [store, setStore] = useState("");
  const [isOver, setOver] = useState(false);
  const stores = shop.data?.stores ?? [];
  const storeId = stores.find((one) => one.id === store)?.id ?? stores[0]?.id;
  const send = useMutation({
    mutationFn: sendFile,
    onSuccess: (one) => {
      void client.invalidateQueries({ queryKey: ["imports"] });
      client.setQueryData(["import", one.id], one);
      onSent(one.id);
    },
  });
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (file !== undefined && storeId !== undefined) send.mutate({ file, storeId });
  };
  return (
    <Card className="grid gap-4">
      <p className="text-ink-2">{t("importsHint")}</p>
      <Refusal failure={send.error} />
      <SelectField label={t("openingStock")} value={store} onChange={(event) => setStore(event.target.value)}>
        {stores.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </SelectField>
      <label
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer.files);
        }}
        className={`grid cursor-pointer justify-items-center gap-2 rounded-xl border-2 border-dashed p-8 text-center focus-within:border-accent ${isOver ? "border-accent bg-accent-soft" : "border-edge"}`}
      >
        <FileUp size={26} aria-hidden className="text-accent" />
        <span className="text-lg">
          {send.isPending ? t("uploading", { name: send.variables.file.name }) : t("drop")}
        </span>
        <input
          type="file"
          aria-label={t("choose")}
          className="sr-only"
          disabled={storeId === undefined}
          accept=".csv,.txt,.tsv,text/csv,text/plain"
          onChange={(event) => {
            take(event.target.files);
            // The same file may be chosen again, after a failure for example.
            event.target.value = "";
          }}
        />
      </label>
    </Card>
  );
}

export function ImportPage() {
  const t = useTranslations("catalog");
  const { importId } = useParams({ from: "/guarded/shell/catalogue/imports/$importId" });
  const one = useImport(importId);
  return (
    <Page
      title={one.data?.filename ?? t("import")}
      badge={
        one.data !== undefined && (
          <span role="status">
            <Badge tone={TONES[one.data.status]}>{t("status", { status: one.data.status })}</Badge>
          </span>
        )
      }
      actions={
        <Link to="/catalogue/imports" className={buttonStyle()}>
          {t("backToImports")}
        </Link>
      }
    >
      {one.isError ? (
        <ErrorState failure={one.error} onRetry={() => void one.refetch()} />
      ) : one.isPending ? (
        <SkeletonRows />
      ) : (
        <Report report={one.data} />
      )}
    </Page>
  );
}
