// The benchmarks and adversaries that exist are the modules of one folder: a new one is a new file, nothing else.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Adversary, Size } from '../adversary/types.ts'
import type { Bench, Measured } from '../bench/types.ts'

/** Something that can be measured, called by its key on the command line. */
export interface Entry {
  readonly key: string
  readonly load: () => Promise<{ name: string; about: string; run: (size: Size) => Promise<Measured> }>
}

interface Module {
  readonly bench?: Bench
  readonly adversary?: Adversary
}

/** Modules are loaded only when they are run: one that is broken stops no other. */
function moduleFiles(folder: string): { stem: string; load: () => Promise<Module> }[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && file !== 'types.ts')
    .sort()
    .map((file) => ({
      stem: file.slice(0, -'.ts'.length),
      load: () => import(pathToFileURL(join(folder, file)).href),
    }))
}

export function discoverBenches(folder: string): readonly Entry[] {
  return moduleFiles(folder).map(({ stem, load }) => ({
    key: stem,
    load: async () => {
      const { bench } = await load()
      if (bench?.name !== stem) throw new Error(`bench/${stem}.ts must export a bench of the name '${stem}'.`)
      return bench
    },
  }))
}

/** Adversary files are called NN-name.ts; NN, without its zero, is the key. */
export function discoverAdversaries(folder: string): readonly Entry[] {
  const entries = moduleFiles(folder).map(({ stem, load }) => ({
    key: String(Number.parseInt(stem, 10)),
    load: async () => {
      const { adversary } = await load()
      if (adversary === undefined || !stem.startsWith(`${String(adversary.number).padStart(2, '0')}-`)) {
        throw new Error(`adversary/${stem}.ts must export the adversary whose number its name begins with.`)
      }
      return { ...adversary, name: `${adversary.number} ${adversary.name}` }
    },
  }))
  return entries.sort((a, b) => Number(a.key) - Number(b.key))
}
