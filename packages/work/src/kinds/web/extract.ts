// Title, text and links of what a server sent. It runs in a thread of its own: see extract-within.ts.
import { Readability } from '@mozilla/readability'
import { parseHTML } from 'linkedom'
import { normaliseText } from '../../statistics/simhash.ts'

/** A long page has a tenth of it; more is made to keep a reader busy. */
const ELEMENTS = 50_000
const TITLE_CHARS = 300
const LINK_CHARS = 300

/** What the thread is given; it takes no classes. */
export interface Extractable {
  readonly url: string
  readonly contentType: string
  readonly body: Uint8Array
  readonly textChars: number
  readonly links: number
}

export interface Extracted {
  readonly title: string
  readonly text: string
  readonly links: readonly string[]
}

/** Words on both sides of them are two words, though nothing stands between. */
const BLOCKS =
  /<\/(?:p|div|h[1-6]|li|t[dhr]|dt|dd|section|article|header|blockquote|pre|figcaption)>|<br\s*\/?>/gi

const NOTHING: Extracted = { title: '', text: '', links: [] }

export function extract({ url, contentType, body, textChars, links }: Extractable): Extracted {
  const [type = ''] = contentType.toLowerCase().split(';')
  const text = decoded(body, /charset="?([\w-]+)/i.exec(contentType)?.[1])
  if (/^text\/plain\b/.test(type)) return { ...NOTHING, text: plain(text).slice(0, textChars) }
  if (!/^(text\/html|application\/xhtml\+xml)\b/.test(type)) return NOTHING
  const spaced = text.replace(BLOCKS, ' $&')
  const { document } = parseHTML(spaced)
  // It takes its document apart.
  const article = new Readability(parseHTML(spaced).document, { maxElemsToParse: ELEMENTS }).parse()
  for (const element of document.querySelectorAll('script, style, template, noscript')) element.remove()
  const whole = article?.textContent ?? document.body?.textContent ?? ''
  return {
    title: plain(article?.title ?? document.title ?? '').slice(0, TITLE_CHARS),
    text: plain(whole).slice(0, textChars),
    links: linksOf(document, url).slice(0, links),
  }
}

/** Without control characters, which no reader sees and JSON makes six times as long. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return normaliseText(text.replace(/[\u0000-\u0008\u000e-\u001f\u007f]/g, '').toWellFormed())
}

function decoded(body: Uint8Array, charset = 'utf-8'): string {
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}

/** Whole addresses of the web, each once, in the page's order. */
function linksOf(document: Document, base: string): readonly string[] {
  const all = [...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href') ?? '')
  const whole = all.filter((href) => URL.canParse(href, base)).map((href) => new URL(href, base))
  const web = whole.filter(({ protocol }) => protocol === 'http:' || protocol === 'https:')
  return [...new Set(web.map(({ href }) => href.replace(/#.*$/, '')))].filter(
    (href) => href.length <= LINK_CHARS,
  )
}
