import type Docker from 'dockerode';
import { EngineAnswerError, engineError } from '@/worker/engine-docker/dial';

/** Named after the image, so that a container which a killed worker left behind is found again. */
const nameFor = (image: string) => image.replace(/[^\w.-]/g, '-');

/** A container that is never started, to read the files of an image. At most one of an image at a time. */
export function createStill(
  docker: Docker,
  image: string,
): Promise<Docker.Container> {
  return docker.createContainer({
    name: nameFor(image),
    Image: image,
    Cmd: ['/bin/sh'],
    Entrypoint: [],
    NetworkDisabled: true,
  });
}

/** Removes the container that `createStill` made of an image; none is no error. */
export async function removeStill(
  docker: Docker,
  image: string,
): Promise<void> {
  try {
    await docker.getContainer(nameFor(image)).remove({ force: true, v: true });
  } catch (error) {
    const known = engineError(error);
    if (known instanceof EngineAnswerError && known.status === 404) return;
    throw known;
  }
}
