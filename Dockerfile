# Worker and intake, one image: docker build -t nqba-runbooks .
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY . .
# The bundle of the workflows is made here, because nothing is written while it runs.
RUN node -e "import('./worker/bundle.ts').then(({ workflowBundle: of }) => Promise.all([of(), of(undefined, true)]))"

FROM node:22-bookworm-slim
ENV NODE_ENV=production ARTIFACTS=/artifacts
WORKDIR /app
COPY --from=build /app /app
USER 1000:1000
ENTRYPOINT ["node", "client/cli/runbooks.js"]
CMD ["worker"]
