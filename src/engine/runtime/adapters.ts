/** What graphics hardware there seems to be, from the files of its drivers; it saves starting a probe for nothing. */
import fs from 'node:fs';

/** Vulkan drivers that compute on the processor. */
const SOFTWARE_DRIVER = /swiftshader|lvp|lavapipe|llvmpipe/i;

/** False where a GPU is ruled out, or Vulkan is pointed at a software driver. */
export function hasGraphicsHardware(environment: NodeJS.ProcessEnv = process.env): boolean {
  const driver = environment.VK_DRIVER_FILES ?? environment.VK_ICD_FILENAMES ?? '';
  if (SOFTWARE_DRIVER.test(driver)) return false;
  if (process.platform !== 'linux') return true;
  return hasNvidiaDriver() || hasRenderNode();
}

const hasRenderNode = (): boolean => fs.existsSync('/dev/dri') && fs.readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));

/** The NVIDIA kernel driver; on Windows it shows only in the probe. */
export const hasNvidiaDriver = (): boolean => process.platform === 'win32' || fs.existsSync('/dev/nvidiactl') || fs.existsSync('/dev/dxg');
