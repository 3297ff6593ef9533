// A page with nothing but a text.
export function pageOf(title: string, text: string): string {
  return `<!doctype html><html><head><title>${title}</title></head><body><article><p>${text}</p></article></body></html>`
}
