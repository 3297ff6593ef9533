// Whether a robots.txt lets us read an address.
import robots from 'robots-parser'

/** The name by which a robots.txt can speak to us. */
const AGENT = 'piecework'

/** Its types say that the function is its `default`; for Node, which imports CommonJS, it is the module itself. */
const parse = robots as unknown as typeof robots.default

export function allows(file: { readonly url: string; readonly text: string }, url: string): boolean {
  return parse(file.url, file.text).isAllowed(url, AGENT) !== false
}
