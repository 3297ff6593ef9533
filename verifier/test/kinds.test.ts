// Kinds of work that programs do, through whole epochs with real daemons.
import { readFileSync } from 'node:fs'
import { join as pathTo } from 'node:path'
import type { Fetched, GuardedFetch, Question } from '@piecework/work'
import { describe, expect, it } from 'vitest'
import { bytesOfText, DEADLINE_MS, hex, played } from './support/crowd-job.ts'
import { hashOf } from './support/scene.ts'

describe('custom', () => {
  const folder = pathTo(import.meta.dirname, '..', '..', 'docs', 'examples', 'brightest')
  const file = (name: string): Uint8Array => new Uint8Array(readFileSync(pathTo(folder, name)))
  const [tiles, check] = [file('tiles.bin'), file('check.wasm')]
  const work = {
    instructions: 'Where is the brightest spot of 3 by 3 points?',
    pieces: { each: 'block', of: hex(hashOf(tiles)), bytes: 4_096 },
    answer: { type: 'text', most: 6 },
    check: { module: hex(hashOf(check)), fuel: 5_000_000 },
  }

  function brightest({ shown: [tile] }: Question): string {
    const bytes = Buffer.from(tile?.type === 'bytes' ? tile.base64 : '', 'base64')
    const inner = Array.from({ length: 62 }, (_, i) => i + 1)
    const around = [-65, -64, -63, -1, 0, 1, 63, 64, 65]
    const spots = inner.flatMap((row) => inner.map((column) => ({ column, row, at: 64 * row + column })))
    const light = ({ at }: { readonly at: number }): number =>
      around.reduce((sum, step) => sum + (bytes[at + step] ?? 0), 0)
    const { column, row } = spots.reduce((best, spot) => (light(spot) > light(best) ? spot : best))
    return `${column} ${row}\n`
  }

  it(
    "pays what the job's own check passes, and lets nothing else become a receipt",
    async () => {
      const people = [
        { name: 'anna', answer: (question: Question) => ({ answer: brightest(question) }) },
        { name: 'sam', answer: () => ({ answer: '1 1\n' }) },
      ]
      const earned = await played({
        ...{ kind: 'custom', work, content: [tiles, check], people },
        ...{ tasks: 12, replicas: 1 },
      })
      // Each of them was dealt five.
      expect(earned).toEqual({ anna: 5_000n, sam: 0n })
    },
    DEADLINE_MS,
  )
})

describe('web', () => {
  const pages = bytesOfText('http://shop.example/one\nhttp://shop.example/two\nhttp://shop.example/three\n')
  const work = { pages: hex(hashOf(pages)), hosts: ['shop.example'] }

  /** A site without robots.txt, as this one sees it. */
  function site(textOf: (url: URL) => string): GuardedFetch {
    return {
      async get(url, { visit } = {}): Promise<Fetched> {
        await visit?.(new URL(url))
        const isRobots = url.endsWith('/robots.txt')
        const body = bytesOfText(
          isRobots
            ? ''
            : `<html><head><title>Shop</title></head><body><p>${textOf(new URL(url))}</p></body></html>`,
        )
        return { url, status: isRobots ? 404 : 200, contentType: 'text/html', body, at: 1_700_000_000 }
      },
    }
  }

  it(
    'pays who saw what most saw',
    async () => {
      const seenBy = (name: string) => (url: URL) =>
        name === 'sam' ? 'made up at home' : `all about ${url.pathname}`
      const people = ['anna', 'bela', 'carl', 'sam'].map((name) => ({ name, answer: () => undefined }))
      const web = (name: string) => ({ hosts: ['shop.example'], fetchOf: () => site(seenBy(name)) })
      const earned = await played({ kind: 'web', work, content: [pages], people, web, tasks: 3, replicas: 4 })
      expect(earned).toEqual({ anna: 3_000n, bela: 3_000n, carl: 3_000n, sam: 0n })
    },
    DEADLINE_MS,
  )

  it(
    'visits no host that the contributor did not agree to',
    async () => {
      const people = ['anna', 'bela', 'carl'].map((name) => ({ name, answer: () => undefined }))
      const asked: string[] = []
      const web = (name: string) => ({
        hosts: name === 'anna' ? ['other.example'] : ['*'],
        fetchOf: () =>
          site((url) => {
            asked.push(name)
            return url.pathname
          }),
      })
      const earned = await played({ kind: 'web', work, content: [pages], people, web, tasks: 3, replicas: 2 })
      expect(earned['anna']).toBe(0n)
      expect(new Set(asked)).toEqual(new Set(['bela', 'carl']))
    },
    DEADLINE_MS,
  )
})
