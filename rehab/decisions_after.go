package rehab

import "fmt"

// The decisions about samples, crises, plans, what follows a release, and the policy.

func (d PolicyMigrated) decided(*Case) Line {
	return Line{ZH: fmt.Sprintf("适用政策由%s改为%s", d.From, d.To), EN: fmt.Sprintf("put the case under policy %s, before %s", d.To, d.From)}
}

func (d CrisisRaised) decided(*Case) Line {
	return Line{On: d.On, ZH: "报告危机", EN: "raised a crisis: " + string(d.Kind)}
}

func (d PlanMade) decided(*Case) Line {
	return Line{On: d.On, Citation: "DRR art.18", ZH: "制定戒毒康复计划", EN: "made the plan of help"}
}

func (d SamplesDestroyed) decided(*Case) Line {
	return Line{On: d.On, Of: fmt.Sprintf("event-%d", d.Test), Citation: "DTP", ZH: "登记检材销毁", EN: "recorded that the samples were destroyed"}
}

func (d DynamicControlEnded) decided(*Case) Line {
	return Line{On: d.On, Citation: "DRR art.7", ZH: "登记解除动态管控", EN: "recorded the end of dynamic control"}
}

func (d HoldPlaced) decided(*Case) Line {
	return Line{On: d.On, ZH: "暂缓封存", EN: "placed a hold on the record: " + string(d.Reason)}
}

func (d HoldReviewed) decided(*Case) Line {
	return Line{On: d.On, Of: fmt.Sprintf("hold-%d", d.Hold), ZH: "复核暂缓封存", EN: "reviewed the hold and kept it"}
}

func (d HoldLifted) decided(*Case) Line {
	return Line{On: d.On, Of: fmt.Sprintf("hold-%d", d.Hold), ZH: "解除暂缓封存", EN: "lifted the hold"}
}

func (d CaseSealed) decided(*Case) Line {
	return Line{On: d.On, ZH: "封存", EN: "sealed the record"}
}
