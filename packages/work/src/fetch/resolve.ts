// The names of the web as this machine's resolver knows them.
import { lookup } from 'node:dns/promises'

export async function resolveName(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true, verbatim: true })
  return found.map(({ address }) => address)
}
