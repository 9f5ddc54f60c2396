// Where pictures come in: chosen, dropped, pasted, or taken with the phone's camera.
import { Camera, ImagePlus } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { useTranslations } from "use-intl";

import { buttonStyle } from "@/ui/button";

import { useSentOutside } from "./queries";

interface DropZoneProps {
  isSmall: boolean;
  onFiles: (files: readonly File[]) => void;
}

// Named one by one: a phone then turns its own format into one of these. Some systems give archives no kind.
const ACCEPTED = "image/jpeg,image/png,image/webp,.zip,application/zip";

export function DropZone({ isSmall, onFiles }: DropZoneProps) {
  const t = useTranslations("cards");
  const isOutside = useSentOutside();
  const [isOver, setOver] = useState(false);
  const take = (files: FileList | null | undefined) => onFiles([...(files ?? [])]);
  const pasted = useEffectEvent((event: ClipboardEvent) => {
    const files = event.clipboardData?.files;
    if (files === undefined || files.length === 0) return;
    event.preventDefault();
    take(files);
  });
  useEffect(() => {
    const paste = (event: ClipboardEvent) => pasted(event);
    window.addEventListener("paste", paste);
    return () => window.removeEventListener("paste", paste);
  }, []);
  return (
    <section
      aria-label={t("addPictures")}
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
      className={`grid justify-items-center gap-3 rounded-2xl border-2 border-dashed text-center transition-colors duration-100 ${isSmall ? "p-4" : "p-10 max-md:p-6"} ${isOver ? "border-accent bg-accent-soft" : "border-edge bg-panel"}`}
    >
      {!isSmall && (
        <>
          <span className="grid size-14 place-items-center rounded-full bg-accent-soft text-accent">
            <ImagePlus size={26} aria-hidden />
          </span>
          <p className="text-xl font-semibold tracking-tight">{t("drop")}</p>
          <p className="max-w-lg text-ink-2">{t("dropHint")}</p>
        </>
      )}
      <div className={`flex flex-wrap items-center justify-center gap-2 ${isSmall ? "" : "mt-2"}`}>
        <Chooser
          label={t("choose")}
          isPrimary={!isSmall}
          isSmall={isSmall}
          onFiles={take}
          accept={ACCEPTED}
          multiple
        >
          <ImagePlus size={17} aria-hidden />
        </Chooser>
        <span className="hidden pointer-coarse:block">
          <Chooser
            label={t("camera")}
            isSmall={isSmall}
            onFiles={take}
            accept="image/*"
            capture="environment"
          >
            <Camera size={17} aria-hidden />
          </Chooser>
        </span>
        {isSmall && <p className="text-sm text-ink-3 pointer-coarse:hidden">{t("dropMore")}</p>}
      </div>
      {!isSmall && <p className="text-sm text-ink-3">{t("limits")}</p>}
      {isOutside !== undefined && (isOutside || !isSmall) && (
        <p className="text-sm text-ink-3">{isOutside ? t("readOutside") : t("readHere")}</p>
      )}
    </section>
  );
}

interface ChooserProps {
  label: string;
  isPrimary?: boolean;
  isSmall: boolean;
  accept: string;
  multiple?: boolean;
  capture?: "environment";
  children: React.ReactNode;
  onFiles: (files: FileList | null) => void;
}

function Chooser({ label, isPrimary = false, isSmall, children, onFiles, ...input }: ChooserProps) {
  return (
    <label
      className={`${buttonStyle(isPrimary ? "primary" : "plain", isSmall ? "md" : "lg")} relative min-h-11 cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent`}
    >
      {children}
      <span>{label}</span>
      <input
        {...input}
        type="file"
        className="sr-only"
        onChange={(event) => {
          onFiles(event.target.files);
          // The same file may be chosen again, after a failure for example.
          event.target.value = "";
        }}
      />
    </label>
  );
}
