// The story of one thing: everything on record about it, from its beginning.
import { Link, useParams } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import type { EntryOut } from "@/api";
import { buttonStyle } from "@/ui/button";
import { NextPage } from "@/ui/list";
import { SkeletonRows } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { Page } from "@/ui/page";
import { ErrorState } from "@/ui/states";

import { Change } from "./change";
import { useStory } from "./queries";
import { useWords } from "./words";

export function StoryPage() {
  const t = useTranslations("audit");
  const words = useWords();
  const { type, id } = useParams({ from: "/guarded/shell/settings/audit/story/$type/$id" });
  const story = useStory(type, id);
  const entries = story.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      title={t("storyOf", { thing: words.thing(type) })}
      actions={
        <Link to="/settings/audit" search={{ type, id }} className={buttonStyle()}>
          {t("title")}
        </Link>
      }
    >
      {story.isError ? (
        <ErrorState failure={story.error} onRetry={() => void story.refetch()} />
      ) : story.isPending ? (
        <SkeletonRows />
      ) : (
        <div className="mx-auto grid max-w-3xl gap-4 p-6">
          <p className="text-sm break-all text-ink-3">{id}</p>
          <ol className="grid gap-3">
            {entries.map((entry) => (
              <Chapter key={entry.id} entry={entry} />
            ))}
          </ol>
          <NextPage
            hasMore={story.hasNextPage}
            isLoading={story.isFetchingNextPage}
            onMore={() => void story.fetchNextPage()}
          />
        </div>
      )}
    </Page>
  );
}

function Chapter({ entry }: { entry: EntryOut }) {
  const words = useWords();
  const moment = useMoment();
  return (
    <li className="rounded-xl border border-line bg-panel p-4">
      <div className="mb-2 flex flex-wrap items-baseline gap-x-3">
        <h2 className="font-medium">
          <Link to="/settings/audit" search={{ entry: entry.id }} className="hit text-accent underline">
            {words.act(entry.act)}
          </Link>
        </h2>
        <p className="flex-1 text-ink-2">{words.actor(entry.actor)}</p>
        <p className="text-sm text-ink-3">{moment(entry.happened_at)}</p>
      </div>
      <Change entry={entry} />
    </li>
  );
}
