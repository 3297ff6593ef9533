// Workforces in the state: pages of nodes in columns, which a light node can fetch alone, and the windows of jobs.
import { BooleanType, ByteListType, ContainerType, ListBasicType, ListCompositeType } from '@chainsafe/ssz'
import { concat, readU32 } from '../bytes.ts'
import { attributesFromWire, attributesToWire, attributesType } from '../codecs/attributes.ts'
import { u16, u32, u64, u64Number } from '../codecs/strict.ts'
import { FACTS_KINDS, TASK_OWNERS } from '../limits.ts'
import type { Attribute } from '../messages.ts'
import type { JobWindow, Workforce } from '../workforce.ts'
import { columnBytes, u32Column, u64Column } from './columns.ts'
import { plain, type RecordCodec, record } from './records.ts'

/** Nodes in one page: some 24 KB. */
const PAGE_NODES = 1024
/** Tasks of one job to deal again in one epoch: as many as a deal has replicas. More wait for the deals after it. */
export const RETURNED_TASKS = 1_048_576
/** Owners listed with them, in all: 32 MB of a record that may have 64. */
export const RETURNED_OWNERS = 8_388_608

/** A bit for each node: for forty times the fifty thousand that an epoch is built for. */
const SKILLED_BYTES = 262_144

export interface WorkforcePage {
  readonly nodes: Uint8Array
  readonly owners: Uint8Array
  readonly bonds: Uint8Array
  readonly attributes: readonly (readonly Attribute[])[]
  readonly kinds: readonly { readonly kind: number; readonly capacities: Uint8Array }[]
}

const page = new ContainerType({
  nodes: new ByteListType(4 * PAGE_NODES),
  owners: new ByteListType(4 * PAGE_NODES),
  bonds: new ByteListType(8 * PAGE_NODES),
  attributes: new ListCompositeType(attributesType, PAGE_NODES),
  kinds: new ListCompositeType(
    new ContainerType({ kind: u16, capacities: new ByteListType(4 * PAGE_NODES) }),
    FACTS_KINDS,
  ),
})

export const workforcePage: RecordCodec<WorkforcePage> = record({
  name: 'a page of a workforce',
  type: page,
  toWire: (value: WorkforcePage) => ({
    ...value,
    attributes: value.attributes.map(attributesToWire),
    kinds: [...value.kinds],
  }),
  fromWire: (wire) => ({ ...wire, attributes: wire.attributes.map(attributesFromWire) }),
})

const returned = new ContainerType({
  task: u32,
  missing: u32,
  had: new ListBasicType(u32, TASK_OWNERS),
  trial: new BooleanType(),
})

const windowFields = {
  job: u32,
  cursor: u64Number,
  inFlight: u64Number,
  charged: u64,
  returned: new ListCompositeType(returned, RETURNED_TASKS),
}

const plainWindow: RecordCodec<JobWindow> = plain("a job's window", new ContainerType(windowFields))

export const skilledWindowRecord: RecordCodec<JobWindow & { readonly skilled: Uint8Array }> = plain(
  'the window of a job that asks for skills',
  new ContainerType({ ...windowFields, skilled: new ByteListType(SKILLED_BYTES) }),
)
/** Where either says at which byte its first list begins: that tells them apart. */
const FIRST_OFFSET_AT = 28
const SKILLED_OFFSET = 36

/** Of a job that asks for skills, also who has them. */
export const windowRecord: RecordCodec<JobWindow> = {
  layout: plainWindow.layout,
  write: (value, target) =>
    hasSkills(value) ? skilledWindowRecord.write(value, target) : plainWindow.write(value, target),
  encode: (value) => (hasSkills(value) ? skilledWindowRecord.encode(value) : plainWindow.encode(value)),
  decode: (bytes) => (isSkilledWindow(bytes) ? skilledWindowRecord : plainWindow).decode(bytes),
}

function hasSkills(window: JobWindow): window is JobWindow & { readonly skilled: Uint8Array } {
  return window.skilled !== undefined
}

function isSkilledWindow(bytes: Uint8Array): boolean {
  const end = FIRST_OFFSET_AT + 4
  return bytes.length >= end && readU32(bytes, FIRST_OFFSET_AT) === SKILLED_OFFSET
}

/** At least one page, so that the kinds of an empty workforce are kept. */
export function pagesOf({ nodes, owners, bonds, attributes, kinds }: Workforce): WorkforcePage[] {
  const pages: WorkforcePage[] = []
  for (let start = 0; start === 0 || start < nodes.length; start += PAGE_NODES) {
    const end = start + PAGE_NODES
    pages.push({
      nodes: columnBytes(nodes.subarray(start, end)),
      owners: columnBytes(owners.subarray(start, end)),
      bonds: columnBytes(bonds.subarray(start, end)),
      attributes: attributes.slice(start, end),
      kinds: kinds.map(({ kind, capacities }) => ({
        kind,
        capacities: columnBytes(capacities.subarray(start, end)),
      })),
    })
  }
  return pages
}

export function workforceFrom(
  epoch: number,
  pages: readonly WorkforcePage[],
  windows: readonly JobWindow[],
): Workforce {
  const kinds = pages[0]?.kinds ?? []
  return {
    epoch,
    nodes: u32Column(concat(pages.map(({ nodes }) => nodes))),
    owners: u32Column(concat(pages.map(({ owners }) => owners))),
    bonds: u64Column(concat(pages.map(({ bonds }) => bonds))),
    attributes: pages.flatMap(({ attributes }) => attributes),
    kinds: kinds.map(({ kind }, i) => ({
      kind,
      capacities: u32Column(concat(pages.map((one) => one.kinds[i]?.capacities ?? new Uint8Array()))),
    })),
    windows,
  }
}
