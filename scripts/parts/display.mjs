// Whether there is a screen, and a virtual one for tests where there is none.
import { hasCommand, installOrAsk, systemPackages } from './system-packages.mjs'

/** Whether a window could open: always on macOS and Windows, elsewhere by DISPLAY or WAYLAND_DISPLAY. */
export function hasDisplay(environment = process.env, platform = process.platform) {
  return platform !== 'linux' || Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY)
}

/**
 * The command that runs `file args...` with a display: itself, or inside xvfb-run (installed when absent).
 * @param screen width and height of the virtual screen in pixels
 * @throws Failure when there is no display and xvfb cannot be installed without the person
 */
export async function withSomeDisplay(file, args, progress, screen = '1600x1000') {
  if (hasDisplay()) return { file, args }
  if (!(await hasCommand('xvfb-run')) || !(await hasCommand('xauth'))) {
    await installOrAsk(systemPackages, 'There is no display, so the window tests need a virtual one', progress)
  }
  // -a: two test runs at once take different display numbers.
  return { file: 'xvfb-run', args: ['-a', '-s', `-screen 0 ${screen}x24`, file, ...args] }
}
