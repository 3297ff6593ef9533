// Documentation is held to what it says: its commands work, its examples run, its links lead somewhere.
//   ```sh run   each line is run here, from the root, and must end with 0
//   ```sh       each line must be known to run elsewhere (RUN_ELSEWHERE)
//   ```ts run   runs as it stands, from the folder of its package
//   ```sh local, ```sh clone, ```sh terminal: see role-pages.test.ts
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { partsIn } from '../tools/parts.ts'
import { blocksOf, commandsOf, linksOf, pages } from './support/markdown.ts'
import { root } from './support/sources.ts'
import { packageOf, packages } from './support/workspace.ts'

/** Commands that take too long here, or that run these tests: which file runs each, by which words. */
const RUN_ELSEWHERE: Readonly<Record<string, { readonly file: string; readonly words: string }>> = {
  'npm test': { file: '.ci/run', words: 'npm test' },
  'npm test -- packages/protocol': { file: '.ci/run', words: 'npm test' },
  'npm start': { file: 'test/local-start.test.ts', words: "'local', 'start'" },
  'npm start -- --epochs 4 --json': { file: '.ci/run', words: 'step npm start -- --epochs 4 --json' },
  'piecework job keep 0 --folder birds': {
    file: 'packages/cli/test/known-file.test.ts',
    words: "'job', 'keep', '0', '--folder'",
  },
  'npm run docs:protocol': { file: 'test/protocol-doc.test.ts', words: 'tools/protocol-doc.ts' },
  'npm run -s check': { file: '.ci/run', words: 'step npm run -s check' },
  'npm run -s bench -- merkle': { file: 'packages/sim/test/command.test.ts', words: "played(['bad'])" },
  'npm run -s bench -- merkle --json': {
    file: 'packages/sim/test/command.test.ts',
    words: "played(['good', '--json'])",
  },
  'npm run -s bench -- --all': { file: 'packages/sim/test/command.test.ts', words: "played(['--all'])" },
  'npm run -s adversary -- 10': { file: 'packages/sim/test/adversary.test.ts', words: "run('short')" },
  'node packages/localnet/src/main.ts --ledger ./chain --mint new:6:1000000': {
    file: 'packages/localnet/test/flags.test.ts',
    words: 'main.ts',
  },
  'node packages/program/generate/main.ts': {
    file: 'packages/program/test/dispatch.test.ts',
    words: 'generatedFiles',
  },
  'piecework work new knit': {
    file: 'packages/cli/test/work-new.test.ts',
    words: "'work', 'new', 'knit'",
  },
  'node --test kind.test.ts': {
    file: 'packages/cli/test/work-new.test.ts',
    words: "'--test', '--test-reporter=tap', 'kind.test.ts'",
  },
  'packages/program/build': { file: '.ci/run', words: 'packages/program/build --check' },
  'packages/program/build --test': { file: '.ci/run', words: 'step packages/program/build --test' },
  'packages/program/build --check': { file: '.ci/run', words: 'step packages/program/build --check' },
  'npm run -s adversary -- --all': { file: 'packages/sim/test/command.test.ts', words: "played(['--all'])" },
}

const blocks = pages.flatMap(blocksOf)
const shell = blocks.filter(({ info }) => info === 'sh')
const examples = blocks.filter(({ info }) => info === 'ts run')

/** Long enough for an example on a slow machine, short enough to notice one that hangs. */
const EXAMPLE_MS = 60_000

function run(command: string, args: readonly string[], cwd: string): string {
  // Examples and commands find Node 24 and nothing that only this test has.
  const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`
  const ran = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: EXAMPLE_MS,
    env: { ...process.env, PATH: path },
  })
  return ran.status === 0 ? '' : `ended with ${ran.status ?? ran.signal}\n${ran.stdout}${ran.stderr}`
}

describe('commands', () => {
  it('are all known to be run by some test', () => {
    const unknown = shell.flatMap((block) =>
      commandsOf(block)
        .filter((command) => RUN_ELSEWHERE[command] === undefined)
        .map((command) => `${block.file}: ${command}`),
    )
    expect(unknown).toEqual([])
  })

  it.each(Object.entries(RUN_ELSEWHERE))(
    '%s is run where the list says, and is in the docs',
    (command, by) => {
      expect(readFileSync(join(root, by.file), 'utf8')).toContain(by.words)
      expect(shell.flatMap(commandsOf)).toContain(command)
    },
  )

  const runHere = blocks.filter(({ info }) => info === 'sh run')
  for (const [file, command] of runHere.flatMap((block) =>
    commandsOf(block).map((line) => [block.file, line]),
  )) {
    it(`${command} (${file})`, () => {
      expect(run('sh', ['-c', command ?? 'false'], root)).toBe('')
    })
  }
})

describe('examples', () => {
  it.each(examples.map((block, i) => [block.file, i, block] as const))('%s, example %i', (file, _, block) => {
    const folder = join(root, packageOf(file)?.folder ?? 'packages/sim')
    expect(run(process.execPath, ['--input-type=module-typescript', '--eval', block.text], folder)).toBe('')
  })

  it('stand in the README of every package that has one', () => {
    const readmes = packages.map(({ folder }) => `${folder}/README.md`)
    const without = readmes.filter(
      (readme) => existsSync(join(root, readme)) && !examples.some(({ file }) => file === readme),
    )
    expect(without).toEqual([])
  })
})

describe('pages', () => {
  it('link to what is there', () => {
    const broken = pages.flatMap((page) =>
      linksOf(page)
        .filter((target) => !existsSync(join(root, posix.dirname(page.path), target)))
        .map((target) => `${page.path}: ${target}`),
    )
    expect(broken).toEqual([])
  })

  it('of the project name every part, and say which are not there yet', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    const rows = partsIn(root).map(({ folder, state }) => ({
      folder,
      missing: state === 'not yet',
      row: readme.split('\n').find((line) => line.startsWith(`| \`${folder}\``)) ?? '',
    }))
    expect(rows.filter(({ row, missing }) => row === '' || row.includes('| not yet') !== missing)).toEqual([])
  })

  it('that tell decisions carry their number and a title', () => {
    const decisions = pages.filter(({ path }) => /^docs\/decisions\/\d/.test(path))
    expect(decisions.length).toBeGreaterThan(0)
    for (const { path, text } of decisions) {
      const number = /(\d{3})-[^/]+\.md$/.exec(path)?.[1]
      expect(text, path).toMatch(new RegExp(`^# (?:Decision )?${number}\\b`))
    }
  })
})
