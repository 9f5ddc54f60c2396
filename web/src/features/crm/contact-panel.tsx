// A contact beside the list: how to reach them, what is known, and what happened; changing it and putting it away.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Archive, Building2, Globe, Mail, MapPin, Pencil, Phone } from "lucide-react";
import { type ReactNode, useEffect, useEffectEvent, useState } from "react";
import { useTranslations } from "use-intl";

import { type ContactOut, crmArchiveContact, crmUnarchiveContact } from "@/api";
import { useSession } from "@/app/session";
import { ContactCards } from "@/features/cards/contact-cards";
import { useShopMoment } from "@/features/sales/queries";
import { Button } from "@/ui/button";
import { SkeletonRows } from "@/ui/marks";
import { SidePanel } from "@/ui/page";
import { ErrorState, Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { ContactDialog } from "./contact-dialog";
import { DuplicatesOf } from "./duplicates-of";
import { Label } from "./label";
import { callOf, letterOf, siteOf } from "./links";
import type { Search } from "./list-state";
import { OwnerFact } from "./owner";
import { refresh, useContact } from "./queries";
import { Timeline } from "./timeline";

interface ContactPanelProps {
  contactId: string;
  onClose: () => void;
  onFilter: (change: Search) => void;
}

export function ContactPanel({ contactId, onClose, onFilter }: ContactPanelProps) {
  const t = useTranslations("crm");
  const contact = useContact(contactId);
  const { data } = contact;
  useMoved(contactId, data, onFilter);
  return (
    <SidePanel
      label={data?.name ?? t("contact")}
      kicker={data === undefined ? t("contact") : t("kindName", { kind: data.kind })}
      onClose={onClose}
    >
      {contact.isError ? (
        <ErrorState failure={contact.error} onRetry={() => void contact.refetch()} />
      ) : contact.isPending ? (
        <SkeletonRows />
      ) : (
        <div className="grid gap-5">
          <Role contact={contact.data} onFilter={onFilter} />
          <Acts contact={contact.data} />
          {!contact.data.hides_personal && <DuplicatesOf contact={contact.data} />}
          {contact.data.hides_personal && <p className="text-ink-2">{t("personalHidden")}</p>}
          <Reaching contact={contact.data} />
          <About contact={contact.data} onFilter={onFilter} />
          {!contact.data.hides_personal && <ContactCards contactId={contact.data.id} />}
          <Timeline contactId={contact.data.id} />
        </div>
      )}
    </SidePanel>
  );
}

/** The id of one that was merged gives the survivor: the address follows, and a note says why. */
function useMoved(contactId: string, contact: ContactOut | undefined, onFilter: (change: Search) => void) {
  const t = useTranslations("merge");
  const toast = useToast();
  const client = useQueryClient();
  const move = useEffectEvent((survivor: ContactOut) => {
    client.setQueryData(["contact", survivor.id], survivor);
    toast(t("movedTo", { name: survivor.name }));
    onFilter({ contact: survivor.id });
  });
  const survivor = contact !== undefined && contact.id !== contactId ? contact : undefined;
  useEffect(() => {
    if (survivor !== undefined) move(survivor);
  }, [survivor]);
}

/** What somebody is, and where; the company leads to itself. */
function Role({ contact, onFilter }: { contact: ContactOut; onFilter: (change: Search) => void }) {
  const { company_id: id, company_name: company } = contact;
  const role = [contact.title, contact.department].filter((one) => one !== null && one !== "").join(" · ");
  if (role === "" && company === null) return null;
  return (
    <div className="-mt-3 text-ink-2">
      {role !== "" && <p>{role}</p>}
      {company !== null && (
        <p className="flex items-center gap-1.5">
          <Building2 size={15} aria-hidden className="shrink-0" />
          {id === null ? (
            company
          ) : (
            <button
              type="button"
              className="hit text-start text-accent underline"
              onClick={() => onFilter({ contact: id })}
            >
              {company}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

function Acts({ contact }: { contact: ContactOut }) {
  const t = useTranslations("crm");
  const moment = useShopMoment();
  const client = useQueryClient();
  const { may } = useSession();
  const [isEditing, setEditing] = useState(false);
  const path = { contact_id: contact.id };
  const move = useMutation({
    mutationFn: (isAway: boolean) => (isAway ? crmArchiveContact({ path }) : crmUnarchiveContact({ path })),
    onSettled: () => refresh(client),
  });
  return (
    <>
      {contact.archived_at !== null && (
        <div
          role="status"
          className="flex flex-wrap items-center gap-2 rounded-lg bg-warn-soft px-3 py-2 text-warn"
        >
          <p className="flex-1">{t("isAway", { time: moment(contact.archived_at) })}</p>
          {may("crm.write") && (
            <Button isBusy={move.isPending} onClick={() => move.mutate(false)}>
              {t("unarchive")}
            </Button>
          )}
        </div>
      )}
      <Refusal failure={move.error} />
      {may("crm.write") && (
        <div className="flex flex-wrap gap-2">
          <Button className="flex-1" onClick={() => setEditing(true)}>
            <Pencil size={15} aria-hidden />
            {t("edit")}
          </Button>
          {contact.archived_at === null && (
            <Button kind="quiet" isBusy={move.isPending} onClick={() => move.mutate(true)}>
              <Archive size={15} aria-hidden />
              {t("archive")}
            </Button>
          )}
        </div>
      )}
      {isEditing && (
        <ContactDialog
          contact={contact}
          onClose={() => setEditing(false)}
          onSaved={() => setEditing(false)}
        />
      )}
    </>
  );
}

interface Way {
  key: string;
  icon: ReactNode;
  shown: ReactNode;
  kind: string | undefined;
}

const LINK = "hit break-words text-accent underline";

function Reaching({ contact }: { contact: ContactOut }) {
  const t = useTranslations("crm");
  const ways: Way[] = [
    ...contact.phones.map((one) => ({
      key: `phone ${one.written}`,
      icon: <Phone size={15} aria-label={t("field", { field: "phones" })} />,
      shown: (
        <a href={callOf(one)} className={`${LINK} tabular`}>
          <bdi>{one.written}</bdi>
        </a>
      ),
      kind: one.kind,
    })),
    ...contact.emails.map((one) => ({
      key: `email ${one.address}`,
      icon: <Mail size={15} aria-label={t("field", { field: "emails" })} />,
      shown: (
        <a href={letterOf(one.address)} className={`${LINK} break-all`}>
          {one.address}
        </a>
      ),
      kind: one.kind,
    })),
    ...contact.websites.map((one) => ({
      key: `site ${one.url}`,
      icon: <Globe size={15} aria-label={t("field", { field: "websites" })} />,
      shown: <Site url={one.url} />,
      kind: undefined,
    })),
    ...contact.addresses.map((one) => ({
      key: `place ${one.text}`,
      icon: <MapPin size={15} aria-label={t("field", { field: "addresses" })} />,
      shown: <span className="break-words whitespace-pre-line">{one.text}</span>,
      kind: one.kind,
    })),
  ];
  if (ways.length === 0) return <p className="text-ink-3">{t("noWay")}</p>;
  return (
    <ul className="grid gap-2.5">
      {ways.map(({ key, icon, shown, kind }) => (
        <li key={key} className="flex items-start gap-2.5">
          <span className="pt-0.5 text-ink-3">{icon}</span>
          <span className="min-w-0 flex-1">{shown}</span>
          {kind !== undefined && <span className="text-sm text-ink-3">{t("kindName", { kind })}</span>}
        </li>
      ))}
    </ul>
  );
}

function Site({ url }: { url: string }) {
  const href = siteOf(url);
  if (href === null) return <span className="break-all">{url}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" className={`${LINK} break-all`}>
      {url}
    </a>
  );
}

const PARTS = ["prefix", "given", "middle", "family", "suffix", "language", "notes"] as const;

/** The rest of what is known; what is empty is left out. */
function About({ contact, onFilter }: { contact: ContactOut; onFilter: (change: Search) => void }) {
  const t = useTranslations("crm");
  const moment = useShopMoment();
  const facts = PARTS.map((field) => [field, contact[field] ?? ""] as const).filter(
    ([, text]) => text !== "",
  );
  const labels = [
    ...contact.groups.map((label) => ({ label, isGroup: true })),
    ...contact.tags.map((label) => ({ label, isGroup: false })),
  ];
  return (
    <dl className="grid grid-cols-[7rem_1fr] gap-y-1.5 border-t border-line-2 pt-4">
      {labels.length > 0 && (
        <>
          <dt className="text-ink-2">{t("labels")}</dt>
          <dd className="flex flex-wrap gap-1">
            {labels.map(({ label, isGroup }) => (
              <button
                key={label.id}
                type="button"
                className="hit max-w-full"
                title={t("filterBy", { name: label.name })}
                onClick={() => onFilter(isGroup ? { group: label.id } : { tag: label.id })}
              >
                <Label label={label} isGroup={isGroup} />
              </button>
            ))}
          </dd>
        </>
      )}
      {facts.map(([field, text]) => (
        <div key={field} className="contents">
          <dt className="text-ink-2">{t("field", { field })}</dt>
          <dd className="break-words whitespace-pre-line">{text}</dd>
        </div>
      ))}
      <OwnerFact contact={contact} />
      <dt className="text-ink-2">{t("added")}</dt>
      <dd>
        {moment(contact.created_at)}
        <span className="block text-sm text-ink-3">{t("source", { source: contact.source })}</span>
      </dd>
    </dl>
  );
}
