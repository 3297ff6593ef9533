// The project's own text, read from disk: what the tests about the code itself look at.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root: string = join(import.meta.dirname, '..', '..')

/** Folders that are made, not written; the same as in .gitignore, and git's own. */
const MADE = new Set(['.git', 'node_modules', 'dist', 'coverage', 'target', '.piecework'])

export interface Source {
  /** From the root, with slashes. */
  readonly path: string
  readonly text: string
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return MADE.has(entry.name) ? [] : filesBelow(path)
    return entry.isFile() ? [path] : []
  })
}

const readable =
  /\.(ts|tsx|mjs|js|rs|json|jsonc|yaml|toml|md|css|html|sh)$|\/(run|build|\.npmrc|\.gitignore)$/

/** Every text file of the project. */
export const texts: readonly Source[] = filesBelow('')
  .filter((path) => readable.test(`/${path}`))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

/** Every program file in TypeScript or JavaScript. */
export const scripts: readonly Source[] = texts.filter(({ path }) => /\.(ts|tsx|mjs)$/.test(path))

const stringOrComment = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/.*/g

export function withoutComments(text: string): string {
  return text.replace(stringOrComment, (found) => (found.startsWith('/') ? '' : found))
}

/** What is left to run: no comments, and no quoted text. Template literals stay, code may be in them. */
export function codeOf(text: string): string {
  return withoutComments(text).replace(stringOrComment, (found) => (found.startsWith('`') ? found : "''"))
}

const importStatement = /(?:^|[\n;}])\s*(?:import|export)\s+(?:[^'"`;]*?\bfrom\s*)?['"]([^'"\n]+)['"]/g
const importCall = /\bimport\(\s*['"]([^'"\n]+)['"]/g

/** What a file imports, types included: static, re-exported and dynamic. */
export function importsOf(text: string): string[] {
  const code = withoutComments(text)
  return [importStatement, importCall].flatMap((pattern) =>
    [...code.matchAll(pattern)].flatMap((match) => match[1] ?? []),
  )
}
