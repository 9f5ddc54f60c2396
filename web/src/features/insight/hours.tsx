// Takings by hour as bars; each bar says its figure to screen readers and on hover, and opens its sales.
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import type { HourOut } from "@/api";
import { useMoney } from "@/ui/money";

const WIDTH = 720;
const HEIGHT = 170;
const FOOT = 22;
const LINES = 4;

interface HoursProps {
  hours: readonly HourOut[];
  currency: string;
  /** Which sales the figures are made of. */
  search: { day?: string; store?: string };
}

export function Hours({ hours, currency, search }: HoursProps) {
  const t = useTranslations("insight");
  const money = useMoney();
  const first = Math.min(9, ...hours.map((one) => one.hour));
  const last = Math.max(18, ...hours.map((one) => one.hour));
  const most = Math.max(1, ...hours.map((one) => one.takings_minor));
  const step = WIDTH / (last - first + 1);
  const bars = Array.from({ length: last - first + 1 }, (_, index) => {
    const hour = first + index;
    const minor = hours.find((one) => one.hour === hour)?.takings_minor ?? 0;
    return { hour, minor, x: index * step, height: ((HEIGHT - FOOT - 8) * minor) / most };
  });
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label={t("byHour")} className="w-full">
      {Array.from({ length: LINES }, (_, index) => {
        const y = 8 + ((HEIGHT - FOOT - 8) * index) / (LINES - 1);
        return <line key={index} x1={0} x2={WIDTH} y1={y} y2={y} className="stroke-line" strokeWidth={1} />;
      })}
      {bars.map(({ hour, minor, x, height }) => (
        <g key={hour}>
          {minor > 0 && (
            <Link
              to="/sales"
              search={{ ...search, hour: String(hour) }}
              aria-label={t("hour", { hour, amount: money(minor, currency) })}
              className="fill-accent hover:fill-ink-2"
            >
              <title>{t("hour", { hour, amount: money(minor, currency) })}</title>
              {/* A small bar is as easy to hit as a large one. */}
              <rect x={x} y={0} width={step} height={HEIGHT - FOOT} fillOpacity={0} />
              <rect
                x={x + step * 0.18}
                y={HEIGHT - FOOT - height}
                width={step * 0.64}
                height={height}
                rx={4}
              />
            </Link>
          )}
          <text x={x + step / 2} y={HEIGHT - 5} textAnchor="middle" className="fill-ink-3 text-[0.65rem]">
            {hour}
          </text>
        </g>
      ))}
    </svg>
  );
}
