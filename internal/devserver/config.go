package devserver

import (
	"time"

	"github.com/google/uuid"
	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/metrics"
	"go.temporal.io/server/common/primitives"
	"go.temporal.io/server/temporal"
)

const (
	clusterName     = "guitu"
	mainStore       = "main"
	visibilityStore = "visibility"

	// startInterval and idleInterval are how often the services look for new namespaces
	// and search attributes: often while these are being set up, then rarely.
	startInterval = 200 * time.Millisecond
	idleInterval  = 10 * time.Second
)

// serverConfig is the static part: one host per service, no metrics, no archival.
func serverConfig(d database, o Options, p ports) []temporal.ServerOption {
	services := map[primitives.ServiceName]int{
		primitives.FrontendService: p.frontend, primitives.HistoryService: p.history,
		primitives.MatchingService: p.matching, primitives.WorkerService: p.worker,
	}
	hosts := make(map[primitives.ServiceName]static.Hosts, len(services))
	configs := make(map[string]config.Service, len(services))
	for name, port := range services {
		hosts[name] = static.SingleLocalHost(address(port))
		rpc := config.RPC{GRPCPort: port, BindOnIP: host}
		if name == primitives.FrontendService {
			rpc.HTTPPort = p.frontendHTTP
		}
		configs[string(name)] = config.Service{RPC: rpc}
	}
	cfg := &config.Config{
		Services:     configs,
		Persistence:  persistence(d, o.Shards),
		PublicClient: config.PublicClient{HostPort: address(p.frontend)},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10, MasterClusterName: clusterName, CurrentClusterName: clusterName,
			ClusterInformation: map[string]cluster.ClusterInformation{clusterName: {
				Enabled: true, InitialFailoverVersion: 1,
				RPCAddress: address(p.frontend), HTTPAddress: address(p.frontendHTTP),
				// Kept from the first start on, whatever a later one says.
				ClusterID: uuid.NewString(),
			}},
		},
	}
	cfg.DCRedirectionPolicy.Policy = "noop"
	cfg.Global.Membership.BroadcastAddress = host
	for _, state := range []*string{
		&cfg.Archival.History.State, &cfg.Archival.Visibility.State,
		&cfg.NamespaceDefaults.Archival.History.State, &cfg.NamespaceDefaults.Archival.Visibility.State,
	} {
		*state = "disabled"
	}
	return []temporal.ServerOption{
		temporal.WithConfig(cfg), temporal.ForServices(temporal.DefaultServices), temporal.WithStaticHosts(hosts),
		temporal.WithCustomMetricsHandler(metrics.NoopMetricsHandler),
	}
}

// persistence bounds the connections: each of the four services has pools of its own.
func persistence(d database, shards int) config.Persistence {
	const mainConns, visibilityConns = 12, 4
	return config.Persistence{
		DefaultStore: mainStore, VisibilityStore: visibilityStore, NumHistoryShards: int32(shards),
		DataStores: map[string]config.DataStore{
			mainStore:       {SQL: d.config(d.name, mainConns)},
			visibilityStore: {SQL: d.config(d.visibilityName(), visibilityConns)},
		},
	}
}

// dynamicSettings are for cases that stay open for years, on one machine of two cores:
// the server's own defaults are for a fleet.
func dynamicSettings(wins map[string]any) *dynamicconfig.MemoryClient {
	client := dynamicconfig.NewMemoryClient()
	for key, value := range map[dynamicconfig.Key]any{
		// The scan for histories without a workflow takes old open ones for such.
		dynamicconfig.HistoryScannerDataMinAge.Key(): 1200 * 24 * time.Hour,
		dynamicconfig.MaxIDLengthLimit.Key():         255, // as long as the columns are
		dynamicconfig.EnableServerVersionCheck.Key(): false,

		dynamicconfig.FrontendMaxNamespaceVisibilityRPSPerInstance.Key(): 200,
		dynamicconfig.FrontendMaxNamespaceRPSPerInstance.Key():           10_000,
		dynamicconfig.FrontendRPS.Key():                                  10_000,

		// With more partitions than pollers tasks are handed from one to the other.
		dynamicconfig.MatchingNumTaskqueueReadPartitions.Key():  1,
		dynamicconfig.MatchingNumTaskqueueWritePartitions.Key(): 1,

		// Goroutines of each kind of queue in the history service.
		dynamicconfig.TransferProcessorSchedulerWorkerCount.Key():               32,
		dynamicconfig.TimerProcessorSchedulerWorkerCount.Key():                  32,
		dynamicconfig.MemoryTimerProcessorSchedulerWorkerCount.Key():            8,
		dynamicconfig.VisibilityProcessorSchedulerWorkerCount.Key():             16,
		dynamicconfig.ArchivalProcessorSchedulerWorkerCount.Key():               1,
		dynamicconfig.ReplicationProcessorSchedulerWorkerCount.Key():            1,
		dynamicconfig.ReplicationLowPriorityProcessorSchedulerWorkerCount.Key(): 1,

		dynamicconfig.HistoryCacheHostLevelMaxSize.Key(): 8_000, // workflows

		dynamicconfig.PersistenceHealthSignalMetricsEnabled.Key():     false,
		dynamicconfig.PersistenceHealthSignalAggregationEnabled.Key(): false,
		dynamicconfig.HistoryHealthSignalMetricsEnabled.Key():         false,

		// Pollers of the server's own workers; two is the least.
		dynamicconfig.WorkerScannerMaxConcurrentActivityTaskPollers.Key():     2,
		dynamicconfig.WorkerScannerMaxConcurrentWorkflowTaskPollers.Key():     2,
		dynamicconfig.WorkerParentCloseMaxConcurrentActivityTaskPollers.Key(): 2,
		dynamicconfig.WorkerParentCloseMaxConcurrentWorkflowTaskPollers.Key(): 2,

		dynamicconfig.NamespaceCacheRefreshInterval.Key(): startInterval,
	} {
		client.OverrideValue(key, value)
	}
	for key, value := range wins {
		client.OverrideValue(dynamicconfig.MakeKey(key), value)
	}
	return client
}
