package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"guitu/account"
	"guitu/api"
	"guitu/rehab"
)

// demoStreet is where the worker and the station head of the demonstration are.
const demoStreet = "110113004"

// demoAccounts are one for each role. Their passwords follow from the secrets of this data
// directory, so that they are the same at every start and known to nobody else.
func demoAccounts(index string) []api.DemoAccount {
	list := []api.DemoAccount{
		{Account: workerOf(demoStreet), Role: rehab.WorkerRole, Name: "子某", Place: demoStreet},
		{Account: "demo-head", Role: rehab.StationHead, Name: "丑某", Place: demoStreet},
		{Account: "demo-district", Role: rehab.DistrictOffice, Name: "寅某", Place: demoStreet[:6]},
		{Account: "demo-city", Role: rehab.CityOffice, Name: "卯某", Place: "11"},
		{Account: "demo-partner", Role: rehab.PartnerRole, Name: "辰某"},
		{Account: "demo-system", Role: rehab.SystemAdmin, Name: "巳某", Place: "11"},
		{Account: "demo-security", Role: rehab.SecurityAdmin, Name: "午某", Place: "11"},
		{Account: "demo-auditor", Role: rehab.Auditor, Name: "未某", Place: "11"},
	}
	for i := range list {
		sum := sha256.Sum256([]byte("password of the demonstration\x00" + list[i].Account + "\x00" + index))
		list[i].Password = "demo-" + hex.EncodeToString(sum[:6])
	}
	return list
}

// openAccounts makes the accounts of the demonstration that are not there yet.
func (s *stack) openAccounts(ctx context.Context, index string, today rehab.Date) error {
	s.service.DemoAccounts = demoAccounts(index)
	worker := s.service.DemoAccounts[0]
	if err := registerWorker(ctx, s.service.Store, worker.Account, worker.Name, demoStreet, rehab.Actor{ID: "dev", Role: rehab.CityOffice, Place: "11"}, today); err != nil {
		return err
	}
	desk, err := s.service.Desk(ctx)
	if err != nil {
		return err
	}
	for _, d := range s.service.DemoAccounts {
		a := account.Account{Actor: rehab.Actor{ID: d.Account, Role: d.Role, Place: d.Place}, Name: d.Name}
		if d.Role == rehab.PartnerRole {
			a.Organisation = "demo-organisation"
		}
		if err := desk.Provide(ctx, a, d.Password); err != nil {
			return err
		}
	}
	return nil
}
