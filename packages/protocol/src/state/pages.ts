// The state as pages: what is hashed, stored, and fetched by hash. A page is a list of records, a section a list of
// pages; the manifest lists the pages' hashes, and its own hash is the state's.
import { ContainerType, ListCompositeType } from '@chainsafe/ssz'
import { concat, equalBytes, viewOf } from '../bytes.ts'
import { bytes32, type Codec, u64Number } from '../codecs/strict.ts'
import { ProtocolError } from '../errors.ts'
import { h } from '../hash.ts'
import { rootOf } from '../ledger-tree.ts'
import { LENGTH_BYTES, PageWriter } from './page-writer.ts'
import { plain } from './records.ts'
import { SECTIONS, type Section, stateFrom } from './sections.ts'
import type { State } from './state.ts'

/** Pages of a section: a quarter of a terabyte. */
const SECTION_PAGES = 1_048_576

export interface Manifest {
  readonly networkId: Uint8Array
  readonly epoch: number
  /** Page hashes of each section. */
  readonly sections: readonly (readonly Uint8Array[])[]
}

export const manifestCodec: Codec<{ networkId: Uint8Array; applied: number; sections: Uint8Array[][] }> =
  plain(
    'the manifest of a state',
    new ContainerType({
      networkId: bytes32,
      /** Epochs that were applied: one more than the last one's number. */
      applied: u64Number,
      sections: new ListCompositeType(new ListCompositeType(bytes32, SECTION_PAGES), SECTIONS.length),
    }),
  )

export interface PagedState {
  readonly stateHash: Uint8Array
  readonly manifest: Uint8Array
  readonly nodesRoot: Uint8Array
  readonly workforceRoot: Uint8Array
  /** Of each section, as the manifest lists their hashes. */
  readonly sections: readonly (readonly Uint8Array[])[]
}

export function pageState(state: State): PagedState {
  const sections = SECTIONS.map(({ write }) => {
    const writer = new PageWriter()
    write(state, writer)
    return writer.end()
  })
  const hashes = SECTIONS.map(({ tag }, i) => (sections[i] ?? []).map((page) => h(tag, page)))
  const rootBy = (matches: (section: Section) => boolean): Uint8Array => {
    return rootOf(concat(hashes[SECTIONS.findLastIndex(matches)] ?? []))
  }
  const { networkId, epoch } = state
  const manifest = manifestCodec.encode({ networkId, applied: epoch + 1, sections: hashes })
  return {
    stateHash: h('pw/state', manifest),
    manifest,
    nodesRoot: rootBy(({ name }) => name === 'nodes'),
    workforceRoot: rootBy(({ name }) => name.startsWith('workforce')),
    sections,
  }
}

/** The manifest, if it is that of the state with this hash. */
export function readManifest(bytes: Uint8Array, stateHash: Uint8Array): Manifest {
  if (!equalBytes(h('pw/state', bytes), stateHash))
    throw wrong('the manifest', 'its hash is not the attested one')
  const { networkId, applied, sections } = manifestCodec.decode(bytes)
  if (sections.length !== SECTIONS.length) throw wrong('the manifest', 'it has not all sections')
  return { networkId, epoch: applied - 1, sections }
}

/** Checks each page against the manifest, wherever it came from. */
export function restoreState(manifest: Manifest, pageOf: (hash: Uint8Array) => Uint8Array): State {
  const sections = SECTIONS.map(({ name, tag }, i) => {
    const hashes = manifest.sections[i] ?? []
    return hashes.flatMap((hash) => {
      const page = pageOf(hash)
      if (!equalBytes(h(tag, page), hash))
        throw wrong(`a page of ${name}`, 'its hash is not the one asked for')
      return recordsOf(page)
    })
  })
  return stateFrom(manifest, sections)
}

function wrong(what: string, why: string): ProtocolError {
  return new ProtocolError(
    'state/wrong-hash',
    `This is not ${what} of that state: ${why}. Ask another verifier.`,
  )
}

function recordsOf(page: Uint8Array): Uint8Array[] {
  const view = viewOf(page)
  const records: Uint8Array[] = []
  for (let offset = 0; offset < page.length; ) {
    const start = offset + LENGTH_BYTES
    const end = start <= page.length ? start + view.getUint32(offset, true) : Number.POSITIVE_INFINITY
    if (end > page.length)
      throw new ProtocolError('state/malformed', 'A page of this state ends in the middle of a record.')
    records.push(page.subarray(start, end))
    offset = end
  }
  return records
}
