// Addresses that the browser itself opens: files to download and the stream of figures. A path that the program's
// description does not have does not compile.
import type {
  CatalogExportVariantsData,
  CatalogGetRejectedRowsData,
  CrmExportCardsData,
  CrmExportSheetData,
  CrmGetRejectedEntriesData,
  CrmPrintContactsData,
  CrmGetCardImageData,
  CrmUploadCardPhotoData,
  FilesGetFileContentData,
  FilesGetFileFormData,
  InsightStreamTodayData,
  MailReadMailboxHtmlData,
  MailReadMailboxTextData,
  PosExportRefundsData,
  PosExportSalesData,
  PosExportShiftsData,
  PosGetReceiptTextData,
  PosGetRefundTextData,
  WebhooksReceiveMessageData,
} from "@/api";
import { client } from "@/api/client.gen";

/** The list of variants as a file: all that fit, in the order and with the columns that are asked for. */
export function catalogueOf(query: NonNullable<CatalogExportVariantsData["query"]>): string {
  return client.buildUrl<CatalogExportVariantsData>({ url: "/api/v1/catalog/variants.csv", query });
}

/** The list of sales as a file. */
export function salesOf(query: NonNullable<PosExportSalesData["query"]>): string {
  return client.buildUrl<PosExportSalesData>({ url: "/api/v1/pos/sales.csv", query });
}

/** The list of refunds as a file. */
export function refundsOf(query: NonNullable<PosExportRefundsData["query"]>): string {
  return client.buildUrl<PosExportRefundsData>({ url: "/api/v1/pos/refunds.csv", query });
}

/** The list of shifts as a file. */
export function shiftsOf(query: NonNullable<PosExportShiftsData["query"]>): string {
  return client.buildUrl<PosExportShiftsData>({ url: "/api/v1/pos/shifts.csv", query });
}

/** The rejected rows of an import, as a file. */
export function rejectedRowsOf(importId: string): string {
  return client.buildUrl<CatalogGetRejectedRowsData>({
    url: "/api/v1/catalog/imports/{import_id}/rejected.csv",
    path: { import_id: importId },
  });
}

/** The receipt as plain text, in a language that the program prints. */
export function receiptTextOf(saleId: string, language: "en" | "ru"): string {
  return client.buildUrl<PosGetReceiptTextData>({
    url: "/api/v1/pos/sales/{sale_id}/receipt.txt",
    path: { sale_id: saleId },
    query: { language },
  });
}

/** The receipt of a refund as plain text. */
export function refundTextOf(refundId: string, language: "en" | "ru"): string {
  return client.buildUrl<PosGetRefundTextData>({
    url: "/api/v1/pos/refunds/{refund_id}/receipt.txt",
    path: { refund_id: refundId },
    query: { language },
  });
}

/** The stream of today's figures, of one store or of all. */
export function streamOf(storeId: string | undefined): string {
  return client.buildUrl<InsightStreamTodayData>({
    url: "/api/v1/insight/today/stream",
    query: { store_id: storeId ?? null },
  });
}

/** The list of contacts as a file for spreadsheets. */
export function contactTableOf(query: NonNullable<CrmExportSheetData["query"]>): string {
  return client.buildUrl<CrmExportSheetData>({ url: "/api/v1/crm/contacts.csv", query });
}

/** The list of contacts as vCards. */
export function contactCardsOf(query: NonNullable<CrmExportCardsData["query"]>): string {
  return client.buildUrl<CrmExportCardsData>({ url: "/api/v1/crm/contacts.vcf", query });
}

/** What of a file of contacts was rejected, as a table to be mended and sent again. */
export function rejectedEntriesOf(importId: string): string {
  return client.buildUrl<CrmGetRejectedEntriesData>({
    url: "/api/v1/crm/imports/{import_id}/rejected.csv",
    path: { import_id: importId },
  });
}

/** The list of contacts as a sheet to print, its words in a language that the program prints. */
export function contactSheetOf(query: NonNullable<CrmPrintContactsData["query"]>): string {
  return client.buildUrl<CrmPrintContactsData>({ url: "/api/v1/crm/contacts.pdf", query });
}

/** The picture of a card, upright. */
export function cardPictureOf(photoId: string): string {
  return client.buildUrl<CrmGetCardImageData>({
    url: "/api/v1/crm/card-photos/{photo_id}/image",
    path: { photo_id: photoId },
  });
}

/** Where a picture of cards is sent to, with its progress told, which no operation can. */
export function cardPhotosOf(query: CrmUploadCardPhotoData["query"]): string {
  return client.buildUrl<Pick<CrmUploadCardPhotoData, "url" | "query">>({
    url: "/api/v1/crm/card-photos",
    query,
  });
}

/** A mail of the mailbox as it looks; it opens in a tab of its own, under a policy of its own. */
export function mailOf(mailId: string): string {
  return client.buildUrl<MailReadMailboxHtmlData>({
    url: "/api/v1/mail/mailbox/{mail_id}/html",
    path: { mail_id: mailId },
  });
}

/** A mail of the mailbox as plain text. */
export function mailTextOf(mailId: string): string {
  return client.buildUrl<MailReadMailboxTextData>({
    url: "/api/v1/mail/mailbox/{mail_id}/text",
    path: { mail_id: mailId },
  });
}

/** Where a source sends its messages to; people give it to the sender. */
export function incomingOf(source: string): string {
  return client.buildUrl<Pick<WebhooksReceiveMessageData, "url" | "path">>({
    url: "/api/v1/webhooks/in/{source}",
    path: { source },
  });
}

/** A file of a record, to be saved. */
export function fileContentOf(fileId: string): string {
  return client.buildUrl<FilesGetFileContentData>({
    url: "/api/v1/files/{file_id}/content",
    path: { file_id: fileId },
  });
}

/** A smaller form of a picture, as it is turned. */
export function fileFormOf(fileId: string, name: FilesGetFileFormData["path"]["name"], turn: number): string {
  return client.buildUrl<FilesGetFileFormData>({
    url: "/api/v1/files/{file_id}/forms/{name}",
    path: { file_id: fileId, name },
    query: { turn },
  });
}
