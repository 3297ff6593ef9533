// The tables of this package's page are those of the code.
import { readFileSync } from 'node:fs'
import { protocols, TOPIC_RULES } from '@piecework/network'
import { describe, expect, it } from 'vitest'
import { NETWORK_COUNTS } from '../src/libp2p.ts'

const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** The cells of the table below a title, without its head. */
function tableUnder(title: string): string[][] {
  const [, section = ''] = page.split(`\n## ${title}\n`)
  const lines = section.split('\n## ')[0]?.split('\n') ?? []
  const rows = lines.filter((line) => line.startsWith('|')).slice(2)
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  )
}

describe('the README', () => {
  it('has the rules of gossip', () => {
    const rules = Object.entries(TOPIC_RULES).map(([id, { verdict, sentence }]) => [id, verdict, sentence])
    expect(tableUnder('Rules of gossip')).toEqual(rules)
  })

  it('has the questions with their limits', () => {
    const number = new Intl.NumberFormat('en-US')
    const rows = Object.values(protocols).map(({ name, maxQuestionBytes, maxAnswerBytes, timeoutMs }) => [
      name,
      number.format(maxQuestionBytes),
      number.format(maxAnswerBytes),
      String(timeoutMs / 1000),
    ])
    expect(tableUnder('Questions')).toEqual(rows)
  })

  it('has all that is counted', () => {
    const rows = Object.entries(NETWORK_COUNTS).map(([name, { labels, help }]) => [
      name,
      labels.join(', '),
      help,
    ])
    expect(tableUnder('Counts')).toEqual(rows)
  })
})
