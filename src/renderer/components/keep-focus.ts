/**
 * For `onCloseAutoFocus` of what floats: the focus goes back to where it came from only while nothing else has it. It is given
 * back a turn after the closing; whoever has gone to the question by then would lose it, and what they type with it.
 */
export function keepFocus(event: Event): void {
  const { activeElement } = document
  if (activeElement !== null && activeElement !== document.body) event.preventDefault()
}
