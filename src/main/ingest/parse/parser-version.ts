/**
 * Version of everything that shapes canonical text and offsets. Together with the document's hash it names one canonical text:
 * raise it with every change that can move an offset, so that anchors never point into a text that reads differently.
 */
export const parserVersion = 3
