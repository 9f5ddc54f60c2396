// What the program says of cards, until the generated client has it.
import type { ContactIn } from "@/api";
import { client } from "@/api/client.gen";

export type CardFieldKind =
  "name" | "title" | "department" | "company" | "phone" | "email" | "website" | "address";
export type Corners = number[][];
export interface CardBox {
  id: number;
  text: string;
  quad: Corners;
  confidence: number;
  engine: string;
}
export interface CardField {
  kind: CardFieldKind;
  index: number;
  value: string;
  confidence: number;
  box_ids: number[];
}
export type CardContact = Omit<ContactIn, "id">;
export interface CardOut {
  id: string;
  photo_id: string;
  batch_id: string;
  number: number;
  state: "draft" | "accepted" | "skipped";
  version: number;
  photo_width: number;
  photo_height: number;
  place: Corners;
  boxes: CardBox[];
  fields: CardField[];
  contact: CardContact;
  contact_id: string | null;
  joined_to: string | null;
  sides: string[];
  code: string;
  decided_at: string | null;
}
export interface CardRowOut {
  id: string;
  photo_id: string;
  batch_id: string;
  number: number;
  state: CardOut["state"];
  name: string;
  company: string;
  unsure: number;
  joined_to: string | null;
  contact_id: string | null;
  place?: Corners;
  photo_width?: number;
  photo_height?: number;
}
export interface CardPhotoOut {
  id: string;
  batch_id: string;
  filename: string;
  size_bytes: number;
  media_type: string;
  width: number;
  height: number;
  state: "waiting" | "reading" | "done" | "failed";
  code: string | null;
  sentence: string | null;
  card_ids: string[];
  created_at: string;
  read_at: string | null;
  is_repeat?: boolean;
}
export interface CardBatchOut {
  id: string;
  created_at: string;
  photos: number;
  waiting: number;
  reading: number;
  done: number;
  failed: number;
  drafts: number;
  accepted: number;
  skipped: number;
}
export interface CardUploadOut {
  batch_id: string;
  photos: CardPhotoOut[];
  refused: { filename: string; code: string; sentence: string }[];
}
interface Paged<Item> {
  items: Item[];
  next_cursor: string | null;
  total: number;
}

type Path = Record<string, string>;
type Query = Record<string, unknown>;
interface Asked {
  path?: Path;
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  keepalive?: boolean;
}
const ROOT = "/api/v1/crm";
const json = { "Content-Type": "application/json" };
const ask = (method: "GET" | "POST" | "PATCH" | "DELETE", url: string, asked: Asked) =>
  client.request({
    method,
    url: ROOT + url,
    responseStyle: "data",
    throwOnError: true,
    ...(asked.body === undefined ? {} : { headers: json }),
    ...asked,
  } as never) as unknown;

export const crmListCardBatches = (asked: Asked) =>
  ask("GET", "/card-batches", asked) as Promise<Paged<CardBatchOut>>;
export const crmGetCardBatch = (asked: Asked & { path: { batch_id: string } }) =>
  ask("GET", "/card-batches/{batch_id}", asked) as Promise<CardBatchOut>;
export const crmListCardPhotos = (asked: Asked) =>
  ask("GET", "/card-photos", asked) as Promise<Paged<CardPhotoOut>>;
export const crmReadCardPhoto = (asked: Asked & { path: { photo_id: string } }) =>
  ask("POST", "/card-photos/{photo_id}/read", asked) as Promise<CardPhotoOut>;
export const crmDeleteCardPhoto = (asked: Asked & { path: { photo_id: string } }) =>
  ask("DELETE", "/card-photos/{photo_id}", asked) as Promise<void>;
export const crmListCards = (asked: Asked) => ask("GET", "/cards", asked) as Promise<Paged<CardRowOut>>;
export const crmGetCard = (asked: Asked & { path: { card_id: string } }) =>
  ask("GET", "/cards/{card_id}", asked) as Promise<CardOut>;
interface Kept {
  boxes?: CardBox[];
  fields?: CardField[];
  contact?: CardContact;
}
export const crmKeepCard = (asked: Asked & { path: { card_id: string }; body: Kept & { version: number } }) =>
  ask("PATCH", "/cards/{card_id}", asked) as Promise<CardOut>;
export const crmAcceptCard = (
  asked: Asked & {
    path: { card_id: string };
    body: { version: number; contact: ContactIn; boxes: CardBox[]; fields: CardField[] };
  },
) => ask("POST", "/cards/{card_id}/accept", asked) as Promise<CardOut>;
type Versioned = Asked & { path: { card_id: string }; body: { version: number } };
export const crmSkipCard = (asked: Versioned) =>
  ask("POST", "/cards/{card_id}/skip", asked) as Promise<CardOut>;
export const crmReopenCard = (asked: Versioned) =>
  ask("POST", "/cards/{card_id}/reopen", asked) as Promise<CardOut>;
export const crmJoinCard = (
  asked: Asked & { path: { card_id: string }; body: { version: number; other_id: string } },
) => ask("POST", "/cards/{card_id}/join", asked) as Promise<CardOut>;
export const crmPartCard = (asked: Versioned) =>
  ask("POST", "/cards/{card_id}/part", asked) as Promise<CardOut>;
export const crmListCardsOfContact = (asked: Asked & { path: { contact_id: string } }) =>
  ask("GET", "/contacts/{contact_id}/cards", asked) as Promise<Paged<CardRowOut>>;

export const cardPhotosUrl = (query: { id: string; batch_id: string; filename: string }) =>
  client.buildUrl({ url: `${ROOT}/card-photos`, query });
export const cardPictureUrl = (photoId: string) =>
  client.buildUrl({ url: `${ROOT}/card-photos/{photo_id}/image`, path: { photo_id: photoId } });
