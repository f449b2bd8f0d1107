export { CardContent } from './card/CardContent';
export { DeploymentsContent } from './deployments/DeploymentsContent';
export { GatesContent } from './gates/GatesContent';
export { LineageContent } from './lineage/LineageContent';
export { ModelHeader } from './ModelHeader';
export { OverviewContent } from './OverviewContent';
export { VersionsContent } from './versions/VersionsContent';
