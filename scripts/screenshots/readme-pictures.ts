/** The pictures that are kept in docs/screenshots/ and shown in the README; each is one of the tour's, at 1280 by 800. */
export const readmePictures = [
  'answer-evidence-en-light',
  'answer-evidence-en-dark',
  'answer-evidence-zh-light',
  'answer-evidence-zh-dark',
  'streaming-en-light',
  'report-evidence-zh-light',
  'citation-hover-en-dark',
  'quotes-zh-light',
  'findings-en-light',
  'answer-evidence-text-en-dark',
  'queue-en-light',
  'queue-attention-zh-dark',
  'collections-zh-light',
  'scan-evidence-en-dark',
  'first-run-en-light',
  'model-menu-en-dark',
] as const

export const readmeSize = { width: 1280, height: 800 } as const
