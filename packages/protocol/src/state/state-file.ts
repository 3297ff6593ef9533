// A state in one file: its manifest, then its pages as the manifest lists them, each with its length before it. This is
// how a genesis state comes to a network's first verifiers; everybody else asks them for its pages.
import { concat, u32le, viewOf } from '../bytes.ts'
import { ProtocolError } from '../errors.ts'
import { h } from '../hash.ts'
import { type PagedState, pageState, readManifest, restoreState } from './pages.ts'
import type { State } from './state.ts'

const LENGTH_BYTES = 4

export function writeStateFile({ manifest, sections }: PagedState): Uint8Array {
  return concat([manifest, ...sections.flat()].flatMap((part) => [u32le(part.length), part]))
}

/** Whole and consistent, or an error. Whether it is the state that is meant, its stateHash says. */
export function readStateFile(bytes: Uint8Array): { readonly state: State; readonly paged: PagedState } {
  const [manifest, ...pages] = partsOf(bytes)
  if (manifest === undefined) throw malformed('it is empty')
  const read = readManifest(manifest, h('pw/state', manifest))
  if (read.sections.flat().length !== pages.length) throw malformed('it has not all pages')
  let next = 0
  const state = restoreState(read, () => {
    const page = pages[next++]
    if (page === undefined) throw malformed('it has not all pages')
    return page
  })
  return { state, paged: pageState(state) }
}

function partsOf(bytes: Uint8Array): Uint8Array[] {
  const view = viewOf(bytes)
  const parts: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const from = at + LENGTH_BYTES
    const end = from <= bytes.length ? from + view.getUint32(at, true) : Number.POSITIVE_INFINITY
    if (end > bytes.length) throw malformed('it ends in the middle')
    parts.push(bytes.subarray(from, end))
    at = end
  }
  return parts
}

function malformed(why: string): ProtocolError {
  return new ProtocolError('state/malformed', `This is no file of a state: ${why}. Copy it again.`)
}
