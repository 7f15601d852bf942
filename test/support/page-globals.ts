/** What jsdom lacks and the page needs: sizes that never change, a light system theme, scrolling without effect. */
export function providePageGlobals(): void {
  class StillResizeObserver {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  }
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true, ResizeObserver: StillResizeObserver })
  window.matchMedia = (query) =>
    Object.assign(new EventTarget(), {
      matches: false,
      media: query,
      onchange: null,
      addListener: () => undefined,
      removeListener: () => undefined,
    }) as MediaQueryList
  Element.prototype.scrollIntoView = () => undefined
}
