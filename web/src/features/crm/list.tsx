// Contacts: everybody the shop deals with, searched and sorted by the program; details open beside the list.
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { FileUp, ScanText, Users } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { useSession } from "@/app/session";
import { pick, type Picks } from "@/ui/bulk";
import { Button, buttonStyle, IconButton } from "@/ui/button";
import { readHidden } from "@/ui/columns-state";
import { ListTable, NextPage } from "@/ui/list";
import { Badge, SkeletonRows } from "@/ui/marks";
import { useNarrow } from "@/ui/narrow";
import { Page } from "@/ui/page";
import { EmptyState, ErrorState } from "@/ui/states";

import { ContactsBar } from "./bulk-bar";
import { ContactDialog } from "./contact-dialog";
import { ContactPanel } from "./contact-panel";
import { ExportMenu } from "./export-menu";
import { useColumns } from "./list-columns";
import { ImportDialog } from "./import-dialog";
import { ListFilters } from "./list-filters";
import { isFiltered, type Search, wantedOf } from "./list-state";
import { useContacts, usePairCount } from "./queries";

const NONE_PICKED: Picks = new Map();
const EVERYBODY: Search = {
  q: undefined,
  kind: undefined,
  tag: undefined,
  group: undefined,
  missing: undefined,
  only: undefined,
};

function useContactSearch(): { search: Search; change: (next: Search) => void } {
  const search = useSearch({ from: "/guarded/shell/contacts" });
  const navigate = useNavigate({ from: "/contacts" });
  const change = (next: Search) =>
    void navigate({
      search: Object.fromEntries(
        Object.entries({ ...search, ...next }).filter(([, value]) => value !== undefined),
      ),
      replace: true,
    });
  return { search, change };
}

export function ContactsPage() {
  const t = useTranslations("crm");
  const { search, change } = useContactSearch();
  const { may } = useSession();
  const isNarrow = useNarrow();
  const [isAdding, setAdding] = useState(false);
  const [isImporting, setImporting] = useState(false);
  const wanted = wantedOf(search);
  const contacts = useContacts(wanted);
  const pages = contacts.data?.pages ?? [];
  const rows = pages.flatMap((page) => page.items);
  const total = pages[0]?.total;
  const columns = useColumns(search, isNarrow, change);
  const hidden = readHidden(search.columns, ["changed", "added"]);
  const [picks, setPicks] = usePicks(search);
  const add = may("crm.write") && (
    <Button kind="primary" onClick={() => setAdding(true)}>
      {t("new")}
    </Button>
  );
  return (
    <Page
      title={t("title")}
      badge={total !== undefined && <Badge>{t("count", { count: total })}</Badge>}
      actions={
        <div className="flex flex-wrap items-center gap-2">
          {may("crm.see_personal") && <DuplicatesLink />}
          {may("crm.export") && <ExportMenu wanted={wanted} />}
          {may("crm.write") && may("crm.see_personal") && (
            <>
              <IconButton label={t("import")} onClick={() => setImporting(true)} isLarge>
                <FileUp size={18} aria-hidden />
              </IconButton>
              <Link to="/contacts/cards" className={buttonStyle()}>
                <ScanText size={16} aria-hidden />
                {t("scanCards")}
              </Link>
            </>
          )}
          {add}
        </div>
      }
      panel={
        search.contact !== undefined && (
          <ContactPanel
            key={search.contact}
            contactId={search.contact}
            onClose={() => change({ contact: undefined })}
            onFilter={change}
          />
        )
      }
    >
      <ListFilters search={search} columns={columns} hidden={hidden} change={change} />
      {contacts.isError ? (
        <ErrorState failure={contacts.error} onRetry={() => void contacts.refetch()} />
      ) : contacts.isPending ? (
        <SkeletonRows rows={12} />
      ) : rows.length === 0 ? (
        isFiltered(search) ? (
          <EmptyState
            title={t("none")}
            action={<Button onClick={() => change(EVERYBODY)}>{t("showAll")}</Button>}
          >
            {t("noneHint")}
          </EmptyState>
        ) : (
          <EmptyState title={t("empty")}>{t("emptyHint")}</EmptyState>
        )
      ) : (
        <div className="overflow-x-clip">
          <ListTable
            label={t("title")}
            columns={columns.map((column) => ({ ...column, isHidden: hidden.has(column.key) }))}
            rows={rows}
            keyOf={(row) => row.id}
            selected={search.contact}
            onOpen={(row) => change({ contact: row.id })}
            picking={
              may("crm.write")
                ? {
                    isPicked: (row) => picks.has(row.id),
                    onPick: (some, isPicked) => setPicks(pick(picks, some, isPicked)),
                    label: (row) => t("pickOne", { name: row.name }),
                    allLabel: t("pickAll"),
                  }
                : undefined
            }
          />
          <NextPage
            hasMore={contacts.hasNextPage}
            isLoading={contacts.isFetchingNextPage}
            onMore={() => void contacts.fetchNextPage()}
          />
        </div>
      )}
      <ContactsBar picks={picks} sort={wanted.sort} isAway={wanted.archived === true} onPicks={setPicks} />
      {isImporting && <ImportDialog onClose={() => setImporting(false)} />}
      {isAdding && (
        <ContactDialog
          contact={null}
          onClose={() => setAdding(false)}
          onSaved={(contact) => {
            setAdding(false);
            change({ ...EVERYBODY, contact: contact.id });
          }}
        />
      )}
    </Page>
  );
}

/** Leads to the pairs that may be the same, and says how many there are. */
function DuplicatesLink() {
  const t = useTranslations("duplicates");
  const count = usePairCount();
  const label = t("link", { count });
  return (
    <Link
      to="/contacts/duplicates"
      aria-label={label}
      title={label}
      className="inline-flex h-11 min-w-11 items-center justify-center gap-1.5 rounded-lg px-2 text-ink-2 hover:bg-line-2 hover:text-ink"
    >
      <Users size={18} aria-hidden />
      {count > 0 && <Badge tone="warn">{count}</Badge>}
    </Link>
  );
}

/** What is picked, as long as the list is the same: nobody changes what they do not see. */
function usePicks(search: Search): [Picks, (picks: Picks) => void] {
  const list = JSON.stringify(wantedOf(search));
  const [state, setState] = useState<{ list: string; picks: Picks }>({ list, picks: NONE_PICKED });
  const picks = state.list === list ? state.picks : NONE_PICKED;
  return [picks, (next) => setState({ list, picks: next })];
}
