import { Menu, type MenuItemConstructorOptions } from 'electron'

const labels = {
  en: { file: 'File', newWindow: 'New window', edit: 'Edit', view: 'View', window: 'Window' },
  zh: { file: '文件', newWindow: '新建窗口', edit: '编辑', view: '显示', window: '窗口' },
}

/**
 * Electron's own menu has links to the web and developer tools; this one has what a page needs. Hidden until Alt on
 * Linux and Windows; its keys (copy, zoom, reload, full screen) work all the same.
 */
export function installMenu(options: {
  readonly platform: string
  readonly locale: string
  readonly isPackaged: boolean
  readonly onNewWindow: () => void
}): void {
  const words = options.locale.toLowerCase().startsWith('zh') ? labels.zh : labels.en
  const view: MenuItemConstructorOptions[] = [
    { role: 'reload' },
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ]
  if (!options.isPackaged) view.push({ role: 'toggleDevTools' })
  const template: MenuItemConstructorOptions[] = [
    ...(options.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: words.file,
      submenu: [
        // Ctrl+N is the page's own: a new conversation.
        { id: 'new-window', label: words.newWindow, accelerator: 'CmdOrCtrl+Shift+N', click: options.onNewWindow },
        { role: 'close' },
      ],
    },
    { role: 'editMenu', label: words.edit },
    { label: words.view, submenu: view },
    { role: 'windowMenu', label: words.window },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
