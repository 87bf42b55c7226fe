package words

// keyLines are what the commands of keys, sealed cases, destruction and backup say of themselves.
var keyLines = map[string]string{
	// Keys.
	"aes, or sm: SM4, SM3 and SM2; the setting crypto.suite has to say the same": "aes，或者sm（SM4、SM3、SM2）；须与设置crypto.suite一致",
	"Make another master key, to take the place of the one in use":               "生成新的主密钥，用来替换现用的主密钥",
	"Wrap every key by the first of the master keys":                             "用排在首位的主密钥重新加密全部密钥",
	"rotate is the last step of a change of the master key. secrets.master holds the new one, a\ncomma, and the one before; every process was started with both. rotate works in batches while\nthe system runs, under the owner's login of the database, and goes on where it was stopped.\nIt says when the old key may go.": "rotate是更换主密钥的最后一步：先在secrets.master中写上新密钥、逗号和原密钥，并让全部进程带着两个密钥重新启动。\n本命令用数据库属主登录，在系统运行时分批进行，中断后可接着办；原密钥可以撤下时会说明。",
	"Give a case a new key and write its texts anew":                            "更换一件个案的密钥并重新加密其文字内容",
	"how long a write that has begun under the old key may take":                "已用原密钥开始的写入最多等待多久",
	"Who holds the two parts of the keys of sealed cases":                       "封存密钥两个部分的保管人",
	"Make the pair of a holder, on the holder's own machine":                    "在保管人自己的机器上生成密钥对",
	"Let somebody hold a part of the keys that are sealed from now on":          "指定保管人，保管此后封存的密钥的一个部分",
	"Seal nothing for this person any more, and open nothing with their key":    "结束保管：不再交其保管，其密钥也不能再用来查询",
	"Give the keys of cases that were sealed before there were holders to them": "把设保管人之前已封存个案的密钥交给保管人",
	"file for the private half; it must not exist":                              "保存私钥的文件，不能是已有的文件",
	"id of the person; never a name":                                            "人员编号，不能填姓名",
	"1 or 2: the offices that hold them should be two":                          "第1或者第2部分，应由两个单位分别保管",
	"public half of the pair":                                                   "密钥对中的公钥",
	"pair writes the private half into a file, which the holder keeps and gives to nobody, and\nprints the public half, which the operator adds with holder add.": "pair把私钥写入文件，由保管人自己保存，不交给任何人；并显示公钥，由运维人员用add登记。",

	// Accounts and tokens.
	"List bearer tokens, those that ended too":                                     "列出令牌，包括已失效的",
	"Make the first account; all others are made over the API":                     "开立第一个账号，其余账号通过接口开立",
	"Make the first security administrator and print a one-time password":          "开立第一个安全管理员，显示一次性密码",
	"Revoke a bearer token: requests end within 5 seconds, live streams within 15": "吊销令牌：请求5秒内、实时推送15秒内失效",
	"bootstrap prints a password that opens the account once, within 7 days, to be changed, and to\nenrol a second factor. Where there is a security administrator it refuses; --recover resets the\naccount named by --id, for the day on which nobody can sign in as one. Both are in the audit log.": "bootstrap显示的密码7天内可登录一次，登录后须修改密码并设置第二验证因素。\n已有安全管理员的，不再开立；无人能以安全管理员登录时，用--recover重置--id所填的账号。两者都记入审计日志。",
	"id of the person in the registry; never a name": "人员登记编号，不能填姓名",
	"reset the security administrator's account":     "重置安全管理员的账号",

	// Inquiries into sealed cases.
	"Show a sealed case to an organ that the law lets ask: two holders of keys open it": "封存档案依法查询：由两名保管人共同打开",
	"Ask, as the first holder, to see a sealed case; prints the id of the inquiry":      "作为第一名保管人提出查询，显示查询编号",
	"Open an inquiry, as a holder of the other part":                                    "作为另一部分的保管人打开查询",
	"Print what an open inquiry shows, as JSON; that it was shown is in the read log":   "以JSON显示已打开的查询内容，并记入查阅日志",
	"End an inquiry before its time":                                                    "提前结束查询",
	"The book of inquiries: who asked for what, who opened it, until when":              "查询登记簿：谁申请查什么、由谁打开、到何时为止",
	"id of the holder of keys who says so":                                              "作此操作的保管人编号",
	"file with the private half of the holder's pair":                                   "保管人私钥文件",
	"the sealed case":          "已封存的个案",
	"the organ that asks":      "查询单位",
	"the number of its letter": "查询公函文号",
	"why it asks":              "查询事由",
	"identity, record, papers: what it asks for, and no more":  "查询范围：identity身份信息、record办理记录、papers文书，只显示所列各项",
	"for how long, once another holder has opened it: 1 to 72": "打开后的有效时间，1至72小时",
	"id of who looks": "查看人编号",

	// Destruction.
	"Destroy sealed cases whose retention is over (销毁): two people, an appraisal and an approval": "销毁保管期满的封存档案：须有鉴定意见和批准文号，由两人办理",
	"List every case that was sealed longer ago than retention.years, with the appraisal (鉴定意见)":  "按retention.years列出保管期满的档案，并写明鉴定意见",
	"Destroy what is on the list, as another person, with the approval; there is no way back":     "由另一人凭批准文号按清册销毁，不可恢复",
	"Take back a list that nobody has confirmed":                                                  "撤回尚未确认的清册",
	"Print a list with its certificate":                                                           "显示清册和销毁证明",
	"id of who proposes":                                                                          "提请人编号",
	"what the appraisal says":                                                                     "鉴定意见",
	"id of who confirms: another person than who proposed":                                        "确认人编号，不能是提请人",
	"the number of the approval":                                                                  "批准文号",

	// Backup.
	"Write the database into two encrypted archives, data and keys apart, while the system runs": "系统运行时把数据库备份成两份加密的文件，数据和密钥分开",
	"backup writes what the database holds as of one moment, and goes on where a run before was\nstopped. The archive of data opens with one\nprivate key and that of keys with another, which two people keep; make them with \"guitu keys\nholder pair\". The secrets of the installation are in neither: keep them elsewhere.": "backup按同一时刻备份数据库；上次中断的，接着备份。数据备份和密钥备份各用一个私钥打开，由两人分别保管，用keys命令之下的holder生成。\n系统自身的密钥不在备份中，应另行保管。",
	"Read a backup into an empty database, and bring it to this release": "把备份恢复到空数据库，并升级到本版本",
	"restore-backup migrates the empty database, reads both archives, and leaves nothing where it\nfails. Set up empty Temporal databases too, then run \"guitu restore\" and \"guitu verify\".": "restore-backup先建好空数据库的各表，再读入两个备份；未成功的，不留下任何内容。\nTemporal的数据库也应新建为空，然后依次运行restore和verify。",
	"folder for the archives of data":                                          "数据备份的文件夹",
	"folder for the archives of keys: another one, on another machine at best": "密钥备份的文件夹，应另设，最好在另一台机器上",
	"public keys (age1...) of who may open the data":                           "可打开数据备份的公钥（age1开头）",
	"public keys (age1...) of who may open the keys":                           "可打开密钥备份的公钥（age1开头）",
	"file with a passphrase for both, in the place of public keys":             "口令文件，代替公钥，两个备份共用",
	"make one again and again, with this time between two; 0: one":             "每隔这么长时间备份一次；0为只备份一次",
	"how many are kept in each folder; 0: all":                                 "每个文件夹保留几份；0为全部保留",
	"folder with the archives of data":                                         "存放数据备份的文件夹",
	"folder with the archives of keys":                                         "存放密钥备份的文件夹",
	"which backup; empty: the newest":                                          "恢复哪一份；不填为最新的一份",
	"file with the private key that opens the data":                            "打开数据备份的私钥文件",
	"file with the private key that opens the keys":                            "打开密钥备份的私钥文件",
	"file with the passphrase, where there was one":                            "口令文件（备份时用过口令的）",
	"events and figures alone: nobody's name can be read":                      "只恢复事件和统计数据，身份信息不可读",

	// verify.
	"ask every case, whenever it was last found right": "逐件核对全部个案，不论上次核对的时间",
	"verify asks the ledger, the read models and the engine about every case. A case that was found\nright and of which nothing has changed since, neither ledger, rows, rules nor the run of its\nworkflow, is not asked again; --full asks all of them, and computes every hash anew.": "verify逐件核对台账、读模型和工作流。上次核对无误，并且此后台账、数据行、规则和工作流都没有变化的，不再重复核对；\n--full核对全部个案，并重新计算每一个摘要。",
}
