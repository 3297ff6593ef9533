// The public surface of @piecework/store.

export type { Restore } from './backup/backup.ts'
export { readBackupFile, writeBackupFile } from './backup/file.ts'
export { measureStore, STORE_COUNTS, type StoreCount, type StoreMeasure } from './counts.ts'
export * from './errors.ts'
export { openStore, restoreStore } from './level-store.ts'
export { MemoryDisks, openMemoryStore, restoreMemoryStore } from './memory-store.ts'
export type { Store, StoreCounters, StoreOptions } from './store.ts'
export type { AckStore, StoredAck } from './stores/acks.ts'
export type { BatchStore } from './stores/batches.ts'
export type { ContentCounters, ContentStore } from './stores/content.ts'
export type { EpochFile, EpochFiles } from './stores/epoch-files.ts'
export type { EvidenceStore, StoredEvidence } from './stores/evidence.ts'
export type { Place, SigningGuard } from './stores/guard.ts'
export type { Opening } from './stores/opening.ts'
export type { OpeningStore, OpeningsUsed } from './stores/openings.ts'
export type { ReceiptLog, Stint } from './stores/receipts.ts'
export {
  bytesSetting,
  jsonSetting,
  type Setting,
  type Settings,
  textSetting,
  u64Setting,
} from './stores/settings.ts'
export type { StateStore, StoredState } from './stores/states.ts'
