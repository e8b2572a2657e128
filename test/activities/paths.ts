/** Where the API server has what tests read and change. */

const namespace = '/namespaces/nqba-platform';
export const at = {
  config: `/api/v1${namespace}/configmaps/nqba-config`,
  billing: `/api/v1${namespace}/configmaps/nqba-billing`,
  charging: `/apis/batch/v1${namespace}/cronjobs/nqba-billing-charge`,
  jobs: `/apis/batch/v1${namespace}/jobs`,
  hold: `/api/v1${namespace}/configmaps/nqba-runbooks`,
  configMaps: `/api/v1${namespace}/configmaps`,
  quota: `/api/v1${namespace}/resourcequotas/nqba-platform-quota`,
  worker: `/apis/apps/v1${namespace}/deployments/nqba-worker`,
  batch: `/apis/apps/v1${namespace}/deployments/nqba-worker-batch`,
  floor: `/apis/autoscaling/v2${namespace}/horizontalpodautoscalers/nqba-worker`,
  api: `/apis/apps/v1${namespace}/deployments/nqba-api`,
  secrets: `/api/v1${namespace}/secrets`,
  ingress: `/apis/networking.k8s.io/v1${namespace}/ingresses/nqba-platform-ingress`,
  lowPriority: `/apis/networking.k8s.io/v1${namespace}/ingresses/nqba-platform-low-priority`,
  policies: `/apis/networking.k8s.io/v1${namespace}/networkpolicies`,
};

/** Put back before each test. */
export const kept = [
  at.config,
  at.hold,
  at.quota,
  at.floor,
  at.worker,
  at.batch,
  at.api,
  at.billing,
  at.charging,
  at.ingress,
  at.lowPriority,
];
