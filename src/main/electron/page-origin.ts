/** The page's own scheme and origin; everything that is not from here is foreign. See protocol.ts. */
export const pageScheme = 'app'
export const pageHost = 'carrel'
export const pageOrigin = `${pageScheme}://${pageHost}`
export const pageUrl = `${pageOrigin}/index.html`
