import { HumanDuration } from '@backstage/types';

export interface Config {
  modelDelivery?: {
    /** Kubernetes clusters to deploy to, by the name of the connection; the deployer is called `kubernetes:NAME`. */
    kubernetes?: {
      [connection: string]: {
        /** How the API server is reached; by the service account of the pod that the portal runs in unless set. */
        access?: {
          /** A kubeconfig file. */
          kubeconfig?: string;
          /** The context of that file; its current one unless set. */
          context?: string;
          /** Address of the API server; http only on this machine, as of `kubectl proxy`. */
          url?: string;
          /**
           * Token of a service account, with url.
           * @visibility secret
           */
          token?: string;
          /** File of the certificate authority, with url; the machine's own unless set. */
          caFile?: string;
        };
        /** What is deployed where. The first that fits counts. */
        targets: Array<{
          /** What kind of object it is. */
          kind: 'InferenceService' | 'Rollout' | 'Canary';
          namespace: string;
          /** Name of the object. Unless set, it is the model's name in the catalog, and the object has to carry the label `slipway.dev/managed: "true"`. */
          name?: string;
          /** Entity reference of the model, such as `model:default/churn`; any unless set. Needed with name. */
          model?: string;
          /** Name of the environment. */
          environment: string;
          /**
           * Where an artifact is loaded from, such as `s3://models/{model}/{version}`; the version's own artifact URI unless set.
           * Placeholders: model, version, digest (without `sha256:`), artifactUri, those of `parameters.NAME`, and
           * `configuration.NAME` for the version of a prompt or another part of the release's configuration.
           */
          storageUri?: string;
          /** InferenceService: its predictor, when Slipway is to create it; without storage and traffic. Unless set, it has to be there. */
          predictor?: object;
          /** Rollout and Canary: container that serves the model; the first unless set. */
          container?: string;
          /** Rollout and Canary: the container's image, with the placeholders of storageUri. */
          image?: string;
          /** Rollout and Canary: environment variables of the container, with the placeholders of storageUri and storageUri itself. */
          env?: { [name: string]: string };
        }>;
        /** How long one request may take. Default 10 seconds. */
        timeout?: HumanDuration | string;
        /** How often an object is looked at while an operation is under way. Default 3 seconds. */
        pollInterval?: HumanDuration | string;
        /** How long an operation may take in all. Default 1 hour. */
        operationLimit?: HumanDuration | string;
        /** How long the cluster may be out of reach before a person has to look. Default 10 minutes. */
        outageLimit?: HumanDuration | string;
      };
    };
  };
}
