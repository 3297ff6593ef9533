// House rules (docs/contributing.md) that formatter, linter and compiler do not know.
import { describe, expect, it } from 'vitest'
import { codeOf, type Source, scripts, texts, withoutComments } from './support/sources.ts'

/** A file does one thing. These are longer than this, for the reason given. */
const LONGEST_FILE = 300
const LONGER: Readonly<Record<string, string>> = {}

function lines(files: readonly Source[], forbidden: RegExp, view = (text: string): string => text): string[] {
  return files.flatMap(({ path, text }) =>
    view(text)
      .split('\n')
      .filter((line) => forbidden.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  )
}

const programs = texts.filter(({ path }) => /\.(ts|tsx|mjs|rs)$/.test(path) && !/\/generated/.test(path))
const tests = scripts.filter(({ path }) => /(^|\/)test\//.test(path))
const indexes = scripts.filter(({ path }) => /^(packages\/[^/]+|node|verifier)\/src\/index\.ts$/.test(path))

// The patterns are written so that they do not find themselves.
const markers = /\b(?:TO(?:DO)|FIX(?:ME)|XX(?:X))\b/
const switchedOff = /\b(?:it|test|describe)\.(?:sk(?:ip)|on(?:ly)|to(?:do))\b/
const silencedCompiler = /@ts-(?:ig(?:nore)|no(?:check)|exp(?:ect-error))/
const sleeps = /\bset(?:Timeout)\(\s*(?:r|resolve|done)\b|\bsl(?:eep)\(|node:timers\/pro(?:mises)/
const machinePaths = /(?<![\w.@*)}-])\/(?:wo(?:rk)|ro(?:ot)|ho(?:me)|Us(?:ers))\/[a-z]/

describe('house rules', () => {
  it(`no file is longer than ${LONGEST_FILE} lines without a reason`, () => {
    const long = programs
      .map(({ path, text }) => ({ path, length: text.split('\n').length - 1 }))
      .filter(({ path, length }) => length > LONGEST_FILE && LONGER[path] === undefined)
    expect(long).toEqual([])
  })

  it('nothing is left for later', () => {
    expect(lines(programs, markers)).toEqual([])
  })

  it('no test is switched off or runs alone', () => {
    expect(lines(tests, switchedOff)).toEqual([])
  })

  it('no test sleeps', () => {
    expect(lines(tests, sleeps, withoutComments)).toEqual([])
  })

  it('no error of the compiler is silenced', () => {
    expect(lines(scripts, silencedCompiler)).toEqual([])
  })

  it("index.ts exports a package's public surface and does nothing else", () => {
    const reExport = /export\s+(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})(?:\s+from\s+'')?/g
    const more = indexes.filter(({ text }) => codeOf(text).replace(reExport, '').trim() !== '')
    expect(more.map(({ path }) => path)).toEqual([])
  })

  it('no text names a path of one machine', () => {
    expect(lines(texts, machinePaths)).toEqual([])
  })

  it('neither the lock file nor a setting names the host of a registry', () => {
    const settings = texts.filter(({ path }) => /(^|\/)(pnpm-lock\.yaml|\.npmrc|Cargo\.toml)$/.test(path))
    expect(settings.length).toBeGreaterThan(1)
    expect(lines(settings, /https?:\/\/|^\s*tarball:|registry\s*=/)).toEqual([])
  })
})

describe('these patterns', () => {
  it.each([
    [markers, `// ${'TO'}DO later`],
    [switchedOff, `it.${'skip'}('x')`],
    [silencedCompiler, `// @ts-${'ignore'}`],
    [sleeps, `await new Promise((r) => set${'Timeout'}(r, 5))`],
    [machinePaths, `cd /${'home'}/anna`],
  ])('%s finds what it is for', (pattern, line) => {
    expect(line).toMatch(pattern)
  })

  it('leave paths inside the project alone', () => {
    for (const before of ['packages', '.', '@scope', '{a,b}', '*']) {
      expect(`${before}/${'work'}/src`).not.toMatch(machinePaths)
    }
  })
})
