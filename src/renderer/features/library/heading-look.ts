/** Of the headings inside the left pane. */
export const headingLook = 'text-[11.5px] font-semibold tracking-wide text-soft uppercase'
