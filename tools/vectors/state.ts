// state.json: a small state as it is stored, fetched and hashed: the pages of every section with their records' fields,
// and last the manifest, whose hash is the state's. `sections` in the manifest are in the order of the pages above it.
import { deepStrictEqual, equal } from 'node:assert/strict'
import { concat, fromHex, toHex, u32le, viewOf } from '../../packages/protocol/src/bytes.ts'
import type { Codec } from '../../packages/protocol/src/codecs/strict.ts'
import { h } from '../../packages/protocol/src/hash.ts'
import { rootOf } from '../../packages/protocol/src/ledger-tree.ts'
import { segmentRecord } from '../../packages/protocol/src/state/dealt-records.ts'
import { manifestCodec, pageState } from '../../packages/protocol/src/state/pages.ts'
import {
  accountRecord,
  jobHeadRecord,
  nodeRecord,
  openNextRecord,
  ownerRecord,
  prunedRecord,
  taskRecordCodec,
  verifierRecord,
} from '../../packages/protocol/src/state/records.ts'
import { SECTIONS } from '../../packages/protocol/src/state/sections.ts'
import { carriedRecord } from '../../packages/protocol/src/state/stint-records.ts'
import { windowRecord, workforcePage } from '../../packages/protocol/src/state/workforce-records.ts'
import type { Tag } from '../../packages/protocol/src/tags.ts'
import { bytesOf, type Fields, fieldsOf } from './lib/fields.ts'
import type { VectorFile } from './lib/file.ts'
import { someState } from './lib/state-case.ts'

/** A page; `fields` are its records. */
interface PageEntry {
  readonly name: string
  readonly tag: Tag
  readonly fields: readonly Fields[]
  readonly bytes: string
  readonly hash: string
}

interface ManifestEntry {
  readonly name: 'manifest'
  readonly fields: Fields
  readonly bytes: string
  readonly nodesRoot: string
  readonly workforceRoot: string
  readonly hash: string
}

type StateEntry = PageEntry | ManifestEntry

/** What is the same in every codec, whatever it is of. */
type AnyCodec = Pick<Codec<unknown>, 'layout' | 'decode'> & {
  readonly recode: (bytes: Uint8Array) => Uint8Array
}

function any<T>({ layout, decode, encode }: Codec<T>): AnyCodec {
  return { layout, decode, recode: (bytes) => encode(decode(bytes)) }
}

const CODECS: Readonly<Record<string, AnyCodec>> = {
  nodes: any(nodeRecord),
  owners: any(ownerRecord),
  accounts: any(accountRecord),
  jobs: any(jobHeadRecord),
  tasks: any(taskRecordCodec),
  open: any(openNextRecord),
  verifiers: any(verifierRecord),
  dealt: any(segmentRecord),
  carried: any(carriedRecord),
  workforce: any(workforcePage),
  windows: any(windowRecord),
}

/** A record of four bytes among the nodes is that of a pruned one: whose it was. */
function codecOfBytes(section: string, record: Uint8Array): AnyCodec {
  return section === 'nodes' && record.length === 4 ? any(prunedRecord) : codecOf(section)
}

function codecOfFields(section: string, fields: Fields): AnyCodec {
  const hasKey = typeof fields === 'object' && fields !== null && 'nodeKey' in fields
  return section === 'nodes' && !hasKey ? any(prunedRecord) : codecOf(section)
}

/** Sections of one sort are numbered: workforce1, workforce2. */
function codecOf(section: string): AnyCodec {
  const codec = CODECS[section.replace(/\d$/, '')]
  if (codec === undefined) throw new TypeError(`no codec is known for the section ${section}`)
  return codec
}

function recordsOf(page: Uint8Array): Uint8Array[] {
  const view = viewOf(page)
  const records: Uint8Array[] = []
  for (let at = 0; at < page.length; ) {
    const end = at + 4 + view.getUint32(at, true)
    records.push(page.slice(at + 4, end))
    at = end
  }
  return records
}

function pageEntries(): PageEntry[] {
  const { sections } = pageState(someState)
  return SECTIONS.flatMap(({ name, tag }, i) =>
    (sections[i] ?? []).map((page) => ({
      name,
      tag,
      fields: recordsOf(page).map((record) => fieldsOf(codecOfBytes(name, record).layout, record)),
      bytes: toHex(page),
      hash: toHex(h(tag, page)),
    })),
  )
}

function manifestEntry(): ManifestEntry {
  const { manifest, nodesRoot, workforceRoot, stateHash } = pageState(someState)
  return {
    name: 'manifest',
    fields: fieldsOf(manifestCodec.layout, manifest),
    bytes: toHex(manifest),
    nodesRoot: toHex(nodesRoot),
    workforceRoot: toHex(workforceRoot),
    hash: toHex(stateHash),
  }
}

function isManifest(entry: StateEntry): entry is ManifestEntry {
  return entry.name === 'manifest'
}

function check(entry: StateEntry): void {
  if (isManifest(entry)) checkManifest(entry)
  else checkPage(entry)
}

function checkPage({ name, tag, fields, bytes, hash }: PageEntry): void {
  const records = fields.map((record) => bytesOf(codecOfFields(name, record).layout, record))
  equal(toHex(concat(records.flatMap((record) => [u32le(record.length), record]))), bytes)
  for (const record of records) equal(toHex(codecOf(name).recode(record)), toHex(record))
  deepStrictEqual(
    recordsOf(fromHex(bytes)).map((record) => fieldsOf(codecOfBytes(name, record).layout, record)),
    fields,
  )
  equal(toHex(h(tag, fromHex(bytes))), hash)
}

function checkManifest({ fields, bytes, nodesRoot, workforceRoot, hash }: ManifestEntry): void {
  equal(toHex(bytesOf(manifestCodec.layout, fields)), bytes)
  const { sections } = manifestCodec.decode(fromHex(bytes))
  const rootAt = (name: string): string =>
    toHex(rootOf(concat(sections[SECTIONS.findIndex((section) => section.name === name)] ?? [])))
  equal(rootAt('nodes'), nodesRoot)
  equal(rootAt('workforce3'), workforceRoot)
  equal(toHex(h('pw/state', fromHex(bytes))), hash)
}

export const vectors: VectorFile<StateEntry> = {
  name: 'state',
  generate: () => [...pageEntries(), manifestEntry()],
  check,
}
