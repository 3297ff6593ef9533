// The web job of the local network: pages of a site on this machine, and the job that has them fetched.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'

const HOST = '127.0.0.1'
/** As many as see the same page before it is believed. */
const REPLICAS = 3

export interface LocalPage {
  readonly path: string
  readonly html: string
}

function pageOf(path: string, title: string, text: string): LocalPage {
  const html = `<!doctype html><html><head><title>${title}</title></head><body><article><h1>${title}</h1><p>${text}</p></article></body></html>`
  return { path, html }
}

export const PAGES: readonly LocalPage[] = [
  pageOf('/robin', 'The robin', 'A round bird with a red breast that sings on a spade, also in winter.'),
  pageOf('/blackbird', 'The blackbird', 'Black with a yellow beak; it sings from the roof in the evening.'),
  pageOf('/tit', 'The blue tit', 'Blue cap and yellow belly, often upside down at a feeder.'),
  pageOf('/wren', 'The wren', 'Small and brown with its tail up, and the loudest of all for its size.'),
]

/** The folder of the job: which pages there are is known once the site has a port. */
export async function writePagesJob(folder: string, port: number): Promise<string> {
  const job = join(folder, 'pages')
  await mkdir(job, { recursive: true })
  const text = PAGES.map(({ path }) => `http://${HOST}:${port}${path}\n`).join('')
  await writeFile(join(job, 'pages.txt'), text)
  const form = {
    kind: 'web',
    title: 'What do these pages say?',
    work: { pages: 'pages.txt', hosts: [HOST] },
    pay: { price: 0.05, tasks: PAGES.length, replicas: REPLICAS },
  }
  await writeFile(join(job, 'job.yaml'), stringify(form))
  return job
}
