// The tags and groups of the shop: renamed, given another colour, and deleted, with how many things carry each.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { taggingChangeTag, taggingCreateTag, taggingDeleteTag, type TagOut } from "@/api";
import { COLOURS, Label } from "@/features/crm/label";
import { refresh, useLabels } from "@/features/crm/queries";
import { newId } from "@/ids";
import { versionAfter } from "@/race";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { SkeletonRows } from "@/ui/marks";
import { Card } from "@/ui/page";
import { RaceRefusal, takeTheirs } from "@/ui/race";
import { ErrorState, Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

type Kind = TagOut["kind"];
type Colour = TagOut["colour"];

export function Tags() {
  const t = useTranslations("settings");
  return (
    <Card title={t("tagsAndGroups")}>
      <div className="grid gap-6 md:grid-cols-2">
        <TagList kind="tag" />
        <TagList kind="group" />
      </div>
    </Card>
  );
}

function TagList({ kind }: { kind: Kind }) {
  const t = useTranslations("settings");
  const tags = useLabels();
  const items = tags.data?.items.filter((tag) => tag.kind === kind) ?? [];
  const [changing, setChanging] = useState<TagOut | "new" | null>(null);
  const [deleting, setDeleting] = useState<TagOut | null>(null);
  return (
    <section aria-label={t("tagKinds", { kind })} className="min-w-0">
      <h3 className="mb-2 font-medium">{t("tagKinds", { kind })}</h3>
      {tags.isError ? (
        <ErrorState failure={tags.error} onRetry={() => void tags.refetch()} />
      ) : tags.isPending ? (
        <SkeletonRows rows={3} />
      ) : items.length === 0 ? (
        <p className="mb-3 text-ink-2">{t("noTags", { kind })}</p>
      ) : (
        <ul className="mb-3 grid max-h-80 overflow-auto">
          {items.map((tag) => (
            <li key={tag.id} className="flex items-center gap-2 border-b border-line-2 py-1 last:border-b-0">
              <span className="min-w-0 flex-1">
                <Label label={tag} isGroup={kind === "group"} />
              </span>
              {tag.count !== null && (
                <span className="tabular text-sm text-ink-3">{t("tagCount", { count: tag.count })}</span>
              )}
              <IconButton label={t("changeTag", { name: tag.name })} onClick={() => setChanging(tag)}>
                <Pencil size={15} aria-hidden />
              </IconButton>
              <IconButton label={t("deleteTag", { name: tag.name })} onClick={() => setDeleting(tag)}>
                <Trash2 size={15} aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <Button onClick={() => setChanging("new")}>{t("newTag", { kind })}</Button>
      {changing !== null && (
        <TagDialog kind={kind} tag={changing === "new" ? null : changing} onClose={() => setChanging(null)} />
      )}
      {deleting !== null && <DeleteDialog tag={deleting} onClose={() => setDeleting(null)} />}
    </section>
  );
}

interface TagDialogProps {
  kind: Kind;
  /** The one that is changed; null makes one. */
  tag: TagOut | null;
  onClose: () => void;
}

function TagDialog({ kind, tag, onClose }: TagDialogProps) {
  const t = useTranslations("settings");
  const common = useTranslations("common");
  const client = useQueryClient();
  const [id] = useState(newId);
  const [name, setName] = useState(tag?.name ?? "");
  const [colour, setColour] = useState<Colour>(tag?.colour ?? "grey");
  const take = (field: string, value: unknown) =>
    field === "name" ? setName(String(value)) : setColour(COLOURS.find((one) => one === value) ?? "grey");
  const save = useMutation({
    mutationFn: (version: number) =>
      tag === null
        ? taggingCreateTag({ body: { id, kind, name, colour } })
        : taggingChangeTag({ path: { tag_id: tag.id }, body: { version, name, colour } }),
    onSuccess: onClose,
    onError: (failure) => takeTheirs(failure, take),
    onSettled: () => refresh(client),
  });
  return (
    <Dialog
      title={tag === null ? t("newTag", { kind }) : t("changeTag", { name: tag.name })}
      isOpen
      onClose={onClose}
      size="sm"
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(versionAfter(save.error, tag?.version ?? 0));
        }}
      >
        <RaceRefusal
          failure={save.error}
          label={(field) => (field === "name" || field === "colour" ? t(field) : undefined)}
          told={(field, value) =>
            field === "colour" ? t("colourName", { colour: String(value) }) : String(value)
          }
          onTake={take}
        />
        <TextField
          label={t("name")}
          required
          autoFocus
          maxLength={100}
          dir="auto"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label={t("colour")}
          value={colour}
          onChange={(event) => setColour(COLOURS.find((one) => one === event.target.value) ?? "grey")}
        >
          {COLOURS.map((one) => (
            <option key={one} value={one}>
              {t("colourName", { colour: one })}
            </option>
          ))}
        </SelectField>
        <p aria-hidden className="min-h-6">
          <Label label={{ name: name || t("colourName", { colour }), colour }} isGroup={kind === "group"} />
        </p>
        <Button type="submit" kind="primary" isBusy={save.isPending}>
          {tag === null ? t("add") : common("save")}
        </Button>
      </form>
    </Dialog>
  );
}

function DeleteDialog({ tag, onClose }: { tag: TagOut; onClose: () => void }) {
  const t = useTranslations("settings");
  const common = useTranslations("common");
  const client = useQueryClient();
  const toast = useToast();
  const remove = useMutation({
    mutationFn: () => taggingDeleteTag({ path: { tag_id: tag.id } }),
    onSuccess: () => {
      toast(t("tagDeleted", { name: tag.name }));
      onClose();
    },
    onSettled: () => refresh(client),
  });
  return (
    <Dialog title={t("deleteTag", { name: tag.name })} isOpen onClose={onClose} size="sm">
      <div className="grid gap-4">
        <Refusal failure={remove.error} />
        {tag.count !== null && <p>{t("deleteHint", { count: tag.count })}</p>}
        <div className="flex gap-2">
          <Button kind="danger" isBusy={remove.isPending} onClick={() => remove.mutate()}>
            {t("delete")}
          </Button>
          <Button kind="quiet" onClick={onClose}>
            {common("cancel")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
