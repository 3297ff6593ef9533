// Dependencies point one way. From the real imports, types included:
//   protocol <- work, store, network, chain <- settler, node, verifier <- cli
import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importsOf, type Source, scripts } from './support/sources.ts'
import {
  type Manifest,
  manifestOf,
  type Package,
  packageNamed,
  packageOf,
  packages,
} from './support/workspace.ts'

const LOW = ['protocol']
const MIDDLE = [...LOW, 'work', 'store', 'network', 'chain']
const DAEMONS = ['settler', 'node', 'verifier']

/** Whose source may import whom. Tests may import anything that their package declares. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  work: LOW,
  store: LOW,
  network: LOW,
  chain: LOW,
  // The program is Rust: beside it stand its interface description and the bytes to deploy.
  program: [],
  localnet: ['program'],
  testkit: MIDDLE,
  api: LOW,
  settler: [...MIDDLE, 'api'],
  node: [...MIDDLE, 'api'],
  verifier: [...MIDDLE, 'api', 'settler'],
  web: ['protocol', 'api'],
  cli: [...MIDDLE, 'api', 'program', 'localnet', 'web', ...DAEMONS],
  // Measures and attacks everything that a person can start.
  sim: [...MIDDLE, 'api', 'program', 'localnet', 'testkit', 'cli', ...DAEMONS],
}

/** Only measures; nothing imports it. Its peers in benchmarks are nobody's dependencies but devDependencies. */
const NEVER_IMPORTED = 'sim'

/** What writes vectors and the protocol's page holds inner things to their bytes; it belongs to no package. */
const REACHES_INSIDE = ['tools/vectors/', 'tools/protocol-doc/', 'test/protocol-doc.test.ts']

const shortName = ({ folder }: Package): string => posix.basename(folder)

/** 'name' of a package import, and what of it is asked for: './sub' or '.'. */
function asked(specifier: string): { name: string; part: string } {
  const words = specifier.split('/')
  const length = specifier.startsWith('@') ? 2 : 1
  return { name: words.slice(0, length).join('/'), part: ['.', ...words.slice(length)].join('/') }
}

const isRelative = (specifier: string): boolean => specifier.startsWith('.')
const isOwnAlias = (specifier: string): boolean => specifier.startsWith('#')
const isBuiltin = (specifier: string): boolean => specifier.startsWith('node:')

interface Import {
  readonly source: Source
  readonly specifier: string
  readonly from: Package | undefined
}

const imports: readonly Import[] = scripts.flatMap((source) =>
  importsOf(source.text).map((specifier) => ({ source, specifier, from: packageOf(source.path) })),
)
const bare = imports.filter(
  ({ specifier }) => !isRelative(specifier) && !isOwnAlias(specifier) && !isBuiltin(specifier),
)
/** What others import; the rest of a package tests it or makes its files. */
const isSource = ({ source, from }: Import): boolean =>
  from !== undefined && !/^(?:test|generate)\//.test(source.path.slice(from.folder.length + 1))

function listed(problems: readonly Import[], why: string): string[] {
  return problems.map(({ source, specifier }) => `${source.path} imports ${specifier}: ${why}`)
}

describe('the scanner of imports', () => {
  it('sees every form, and nothing in comments', () => {
    const text = [
      `import a from 'a'`,
      `import type { B } from "b"`,
      `import { type C,\n  d,\n} from './c.ts'`,
      `import 'e'`,
      `export * from 'f'`,
      `export type { G } from 'g'`,
      `const h = await ${'import'}('h')`,
      `// import i from 'i'`,
      `/* import j from 'j' */`,
      `const text = Array.from('k')`,
      `type L = ${'import'}('l').L`,
    ].join('\n')
    expect(importsOf(text)).toEqual(['a', 'b', './c.ts', 'e', 'f', 'g', 'h', 'l'])
  })

  it('reads this project', () => {
    expect(imports.length).toBeGreaterThan(100)
    expect(packages.map(shortName)).toContain('protocol')
  })
})

describe('layers', () => {
  it('gives every package its place', () => {
    expect(packages.map(shortName).filter((name) => MAY_IMPORT[name] === undefined)).toEqual([])
  })

  it('lets source import only what lies below it', () => {
    const wrong = bare.filter(isSource).filter(({ specifier, from }) => {
      const target = packageNamed(asked(specifier).name)
      if (from === undefined || target === undefined || target === from) return false
      return !MAY_IMPORT[shortName(from)]?.includes(shortName(target))
    })
    expect(listed(wrong, 'it does not lie below')).toEqual([])
  })

  it('takes web3.js in one place and one build, of which a contributor has the smaller (decision 223)', () => {
    const [name, holders] = [
      '@solana/web3.js',
      ['packages/chain/src/web3.ts', 'packages/chain/src/web3-browser.d.ts'],
    ]
    const takes = bare.filter(isSource).filter(({ specifier, from }) => {
      return asked(specifier).name === name && from !== undefined && shortName(from) !== NEVER_IMPORTED
    })
    expect(takes.length).toBeGreaterThan(0)
    expect(
      listed(
        takes.filter(({ source }) => !holders.includes(source.path)),
        'import chain/src/web3.ts',
      ),
    ).toEqual([])
  })

  it('has no import that leads out of its package by a path', () => {
    const wrong = imports.filter(({ source, specifier }) => {
      const target = posix.join(posix.dirname(source.path), specifier)
      if (REACHES_INSIDE.some((folder) => source.path.startsWith(folder))) return false
      return isRelative(specifier) && packageOf(target)?.folder !== packageOf(source.path)?.folder
    })
    expect(listed(wrong, 'import the package by its name')).toEqual([])
  })

  it('imports of another package only what it exports', () => {
    const wrong = bare.filter(({ specifier }) => {
      const { name, part } = asked(specifier)
      const exported = packageNamed(name)?.manifest.exports
      return packageNamed(name) !== undefined && exported?.[part] === undefined
    })
    expect(listed(wrong, 'its package does not export that')).toEqual([])
  })

  it('imports only what its package.json declares: source its dependencies, the rest also devDependencies', () => {
    const everywhere = manifestOf('.').devDependencies ?? {}
    const declares = ({ dependencies, devDependencies, name }: Manifest, wanted: string, alsoDev: boolean) =>
      wanted === name ||
      dependencies?.[wanted] !== undefined ||
      (alsoDev && (devDependencies?.[wanted] !== undefined || everywhere[wanted] !== undefined))
    const wrong = bare.filter((one) => {
      const { name } = asked(one.specifier)
      const alsoDev = !isSource(one) || (one.from !== undefined && shortName(one.from) === NEVER_IMPORTED)
      return !declares(one.from?.manifest ?? manifestOf('.'), name, alsoDev)
    })
    expect(listed(wrong, 'its package.json does not declare that')).toEqual([])
  })
})

/** The files of one package as a graph of their relative imports. */
function graphOf({ folder }: Package): Map<string, string[]> {
  const inside = scripts.filter(({ path }) => path.startsWith(`${folder}/src/`))
  return new Map(
    inside.map(({ path, text }) => [
      path,
      importsOf(text)
        .filter(isRelative)
        .map((specifier) => posix.join(posix.dirname(path), specifier)),
    ]),
  )
}

/** The first circle found on a walk through the graph, as the files along it. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  function walk(file: string, way: readonly string[]): string[] {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file]
    if (done.has(file)) return []
    for (const next of graph.get(file) ?? []) {
      const circle = walk(next, [...way, file])
      if (circle.length > 0) return circle
    }
    done.add(file)
    return []
  }
  for (const file of graph.keys()) {
    const circle = walk(file, [])
    if (circle.length > 0) return circle
  }
  return []
}

describe('files inside a package', () => {
  it('are found in a circle when they are in one', () => {
    const graph = new Map(Object.entries({ a: ['b'], b: ['c', 'd'], c: [], d: ['b'] }))
    expect(circleIn(graph)).toEqual(['b', 'd', 'b'])
  })

  it.each(packages.map((one) => [one.folder, one] as const))('%s imports in no circle', (_, one) => {
    expect(circleIn(graphOf(one))).toEqual([])
  })
})
