// The packages of the workspace and what each declares about itself.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './sources.ts'

export interface Manifest {
  readonly name: string
  readonly exports?: Readonly<Record<string, unknown>>
  readonly imports?: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

export interface Package {
  /** From the root: 'packages/protocol', 'node'. */
  readonly folder: string
  readonly manifest: Manifest
}

export function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
}

const folders = [...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`), 'node', 'verifier']

export const packages: readonly Package[] = folders
  .filter((folder) => existsSync(join(root, folder, 'package.json')))
  .map((folder) => ({ folder, manifest: manifestOf(folder) }))

export function packageOf(path: string): Package | undefined {
  return packages.find(({ folder }) => path.startsWith(`${folder}/`))
}

export function packageNamed(name: string): Package | undefined {
  return packages.find(({ manifest }) => manifest.name === name)
}
