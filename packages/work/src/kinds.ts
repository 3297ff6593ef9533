// The kinds that this machine knows: the folders beside this file, and packages that its owner named.
import { readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { WorkError } from './errors.ts'
import type { Kind } from './kind.ts'

export class Kinds {
  readonly all: readonly Kind[]
  readonly #byId: ReadonlyMap<number, Kind>
  readonly #byName: ReadonlyMap<string, Kind>

  constructor(kinds: readonly Kind[]) {
    this.all = kinds.toSorted((a, b) => a.id - b.id)
    this.#byId = new Map(kinds.map((kind) => [kind.id, kind]))
    this.#byName = new Map(kinds.map((kind) => [kind.name, kind]))
    if (this.#byId.size === kinds.length && this.#byName.size === kinds.length) return
    const list = kinds.map(({ name, id }) => `${name} (${id})`).join(', ')
    throw new WorkError(
      'kind/duplicate',
      `Two kinds of work have one name or number: ${list}. Load one of them.`,
    )
  }

  named(name: string): Kind {
    return found(this.#byName.get(name), `'${name}'`, this.all)
  }

  numbered(id: number): Kind {
    return found(this.#byId.get(id), `number ${id}`, this.all)
  }
}

function found(kind: Kind | undefined, wanted: string, all: readonly Kind[]): Kind {
  if (kind !== undefined) return kind
  const known = all.map(({ name }) => name).join(', ')
  throw new WorkError(
    'kind/unknown',
    `No kind of work ${wanted} is known here; there is ${known}. Install a newer version, or name its package in the config.`,
    { wanted },
  )
}

/** `import` as a port: a package is resolved from where the config is. */
export type Import = (specifier: string) => Promise<unknown>

export async function loadKinds(packages: readonly string[], load: Import): Promise<Kinds> {
  const here = join(import.meta.dirname, 'kinds')
  const extension = extname(import.meta.filename)
  const folders = (await readdir(here)).sort()
  const own = folders.map((folder) => pathToFileURL(join(here, folder, `kind${extension}`)).href)
  return new Kinds(await Promise.all([...own, ...packages].map((name) => kindFrom(name, load))))
}

async function kindFrom(name: string, load: Import): Promise<Kind> {
  const module = await load(name)
  const kind = typeof module === 'object' && module !== null && 'kind' in module ? module.kind : undefined
  if (isKind(kind)) return kind
  throw new WorkError(
    'kind/malformed',
    `'${name}' exports no \`kind\` made by defineKind. Check its name and version.`,
  )
}

function isKind(value: unknown): value is Kind {
  if (typeof value !== 'object' || value === null) return false
  const { id, name, open } = value as Partial<Kind>
  return Number.isInteger(id) && typeof name === 'string' && typeof open === 'function'
}
