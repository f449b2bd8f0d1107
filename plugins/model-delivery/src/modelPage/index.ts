export { DeploymentsContent } from './deployments/DeploymentsContent';
export { GatesContent } from './gates/GatesContent';
export { ModelHeader } from './ModelHeader';
export { OverviewContent } from './OverviewContent';
export { VersionsContent } from './versions/VersionsContent';
