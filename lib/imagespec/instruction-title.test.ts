import { expect, it } from 'vitest';
import { CA_EXPORTS } from '@/lib/imagespec/ca-certificates';
import { instructionTitle } from '@/lib/imagespec/instruction-title';

it.each([
  ['RUN true', 'RUN true'],
  [
    'RUN --mount=type=cache,target=/c --mount=from=uv,source=/uv,target=/u apt-get update',
    'RUN apt-get update',
  ],
  [
    `RUN --mount=type=bind,source=a,target=/b ${CA_EXPORTS}apt-get update`,
    'RUN apt-get update',
  ],
  [
    'RUN /bin/sh -c chown -R flytekit /root # buildkit',
    'RUN chown -R flytekit /root',
  ],
  ['RUN |1 A=b /bin/sh -c make # buildkit', 'RUN make'],
  ['/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'],
  ['COPY --from=uv --chown=1 /uv /usr/bin/uv', 'COPY /uv /usr/bin/uv'],
  ['FROM debian:bookworm-slim', 'FROM debian:bookworm-slim'],
  ['exporting to image', 'exporting to image'],
])('%s reads %s', (text, title) => {
  expect(instructionTitle(text)).toBe(title);
});
