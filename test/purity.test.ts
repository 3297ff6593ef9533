// The protocol is a function of its inputs: two verifiers compute the same bytes, on any machine, at any time.
// Below the mains nobody reads a clock, chance or the environment: they are given.
import { describe, expect, it } from 'vitest'
import { codeOf, importsOf, scripts } from './support/sources.ts'

const within = (...folders: readonly string[]) =>
  scripts.filter(({ path }) => folders.some((folder) => path.startsWith(`${folder}/src/`)))

function findings(files: readonly { path: string; text: string }[], forbidden: RegExp): string[] {
  return files.flatMap(({ path, text }) =>
    [...codeOf(text).matchAll(forbidden)].map(([found]) => `${path} uses ${found.trim()}`),
  )
}

const AMBIENT =
  /\bDate\b|\bMath\.random\b|\bcrypto\.(?:getRandomValues|randomUUID)\b|\bgetRandomValues\b|\brandomBytes\b|\bprocess\b\s*[.[]|\bperformance\b\s*[.[]|\bglobalThis\b/g

/** What the environment does by itself: no pure function waits, talks or prints. */
const EFFECTS =
  /\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b|\bfetch\(|\bconsole\b|\bWebSocket\b/g

/** Exact on every machine. The others (exp, log, pow, sin, ...) may round differently. */
const inexact = /\bMath\.(?!(?:floor|ceil|round|trunc|abs|sign|min|max|imul|clz32)\b)\w+/g

/** Depends on Unicode and language tables, which differ between versions of Node. */
const LOCALE = /\blocaleCompare\b|\btoLocale\w*|\bIntl\b|\.normalize\(/g

/** Who may read clock, chance or environment below a main, and why. */
const GIVES_A_PORT: Readonly<Record<string, string>> = {}

describe('protocol', () => {
  const files = within('packages/protocol')

  it('is there to be looked at', () => {
    expect(files.length).toBeGreaterThan(10)
  })

  it('imports nothing of the platform, but hashing and signing for Node in *.node.ts', () => {
    const wrong = files.flatMap(({ path, text }) =>
      importsOf(text)
        .filter((specifier) => specifier.startsWith('node:'))
        .filter((specifier) => !(specifier === 'node:crypto' && path.endsWith('.node.ts')))
        .map((specifier) => `${path} imports ${specifier}`),
    )
    expect(wrong).toEqual([])
  })

  it('reads no clock, no chance and no environment', () => {
    expect(findings(files, AMBIENT)).toEqual([])
  })

  it('has no effects', () => {
    expect(findings(files, EFFECTS)).toEqual([])
  })

  it('depends on no language table', () => {
    expect(findings(files, LOCALE)).toEqual([])
  })
})

describe('what everyone must compute alike', () => {
  it('uses no function of Math that rounds differently between machines', () => {
    expect(findings(within('packages/protocol', 'packages/work'), inexact)).toEqual([])
  })
})

describe('ports', () => {
  it('are given from the main: nothing below reads clock, chance or environment', () => {
    const below = within('packages/chain', 'packages/testkit', 'packages/store', 'packages/network')
    expect(
      findings(
        below.filter(({ path }) => !(path in GIVES_A_PORT)),
        AMBIENT,
      ),
    ).toEqual([])
  })
})

describe('these patterns', () => {
  it.each([
    [AMBIENT, 'const now = Date.now()'],
    [AMBIENT, 'const x = Math.random()'],
    [AMBIENT, 'const home = process.env.HOME'],
    [EFFECTS, 'setTimeout(again, 5)'],
    [inexact, 'Math.exp(2) + Math.floor(2)'],
    [LOCALE, 'names.sort((a, b) => a.localeCompare(b))'],
  ])('%s finds what it is for', (pattern, text) => {
    expect(findings([{ path: 'x', text }], pattern)).toHaveLength(1)
    expect(findings([{ path: 'x', text: `// ${text}\n'${text}'` }], pattern)).toEqual([])
  })
})
