// English for the server's labels, which come from its .def tables and from the kinds and formats of items. A spec holds
// them against the sources, in both directions. Loaded only where English is spoken.
const labels: Record<string, string> = {
  // acts of the audit log
  系统启动: 'The system started', 宣布钥匙泄露: 'Declare a key stolen', 建立评价机构: 'Create a body', 建立账号: 'Create an account', 更改账号: 'Change an account',
  考生注册: 'A candidate registered', 修改密码: 'Change the password', 重置密码: 'Reset a password', 绑定动态口令: 'Enrol one-time codes',
  使用恢复码: 'Use a recovery code', 登录: 'Sign in', 登录失败: 'Sign-in failed', 结束登录: 'End a sign-in', 保存个人信息: 'Save personal data',
  查看完整个人信息: 'See whole personal data', 核对身份证件: 'Check an identity document', 同意: 'Agree', 撤回同意: 'Withdraw consent',
  提请复核: 'Propose for a second person', 复核通过: 'Confirmed by a second person', 复核不通过: 'Refused by a second person', 保存工作人员资料: 'Save data of staff',
  登记回避关系: 'Register a conflict of interest', 解除回避关系: 'Take back a conflict of interest', 建立考试批次: 'Create a batch',
  变更批次状态: 'Change the state of a batch', 变更批次报名期限或名额: 'Change days or places of a batch', 登记招生合作机构: 'Register a partner',
  开始申报: 'Begin an application', 提交申报: 'Hand in an application', 撤回申报: 'Withdraw an application', 申报审核通过: 'Accept an application',
  退回申报: 'Return an application', 申报审核不通过: 'Refuse an application', 核定申报事实: 'Settle facts of an application', 上传证件照: 'Upload the photo',
  上传证明材料: 'Upload evidence', 移除证明材料: 'Remove evidence', 导入报名表: 'Import a registration table', 导入试题: 'Import items', 保存试题: 'Save an item',
  提交审题: 'Hand in an item for review', 审题通过: 'Approve an item', 退回试题: 'Return an item', 停用试题: 'Retire an item', 校对通过: 'Pass the proof-reading',
  上传试题图片: 'Upload a picture of an item', 成批更改或停用试题: 'Change or retire many items', 上传试题音视频: 'Upload sound or film of an item',
  转为练习题: 'Make a practice item', 导出试题和答案: 'Export items and keys', 组卷: 'Compose papers', 制作并封存试卷: 'Make and seal papers',
  登记启封密钥: 'Register a release key', 启封员就位: 'An officer is in place', 启封试卷: 'Open the papers', 启用备用卷: 'Use a spare paper', 打印试卷: 'Print a paper', 打印答题卡: 'Print answer sheets', 撤回已计入的答题卡页: 'Withdraw a scanned page', 搁置不计入的扫描页: 'Set a scanned page aside',
  打印启封信封: 'Print release envelopes', 查看启封码: 'Look at a release code', 准备场次: 'Prepare a session', 分发试卷: 'Distribute papers',
  准许入场: 'Let a candidate in', 开始作答: 'Begin an attempt', 出具换机码: 'Give a code to change the machine', 登记到场: 'Register attendance',
  开始考试: 'Start the exam', 补时: 'Give extra time', 暂停计时: 'Pause the clock', 恢复计时: 'Resume the clock', 批准强制收卷: 'Agree to collect a paper',
  收卷: 'Collect a paper', 补时后继续作答: 'Go on after extra time', 登记封卷码: 'Register a sealing code', 导入应急文件: 'Import an emergency file',
  采纳旁支作答: 'Accept answers set aside', 记录违纪: 'Record a violation', 违纪见证: 'Witness a violation', 考生陈述: 'Statement of the candidate',
  违纪处理决定: 'Decide on a violation', 归档场次作答: 'Archive the answers of a session', 考场通知: 'Notice to a room', 推迟开考: 'Put off the start',
  时间安排到达考场: 'Times reached a room', 督导记录: 'Supervision note', 确定施考方式: 'Set how the exam is held', 复核考场提示: 'Review a notice of a room',
  考试机自检: 'Check of a machine', 查看提示的录像: 'Look at the recording of a notice', 建立录像密钥: 'Make the key of recordings', 销毁录像: 'Destroy recordings', 清理无人引用的文件: 'Remove files that nothing names',
  建立考点: 'Create a site', 建立场次: 'Create a session', 修改场次: 'Change a session', 取消场次: 'Cancel a session', 设置考场: 'Set up a room', 删去考场: 'Remove a room',
  自动排座: 'Assign seats', 调整座位: 'Move a seat', 安排考务人员: 'Assign staff', 撤销考务安排: 'Take back an assignment', 完成编排: 'Close the arrangement',
  重新打开编排: 'Open the arrangement again', 生成准考证: 'Make admission tickets', 导出排座表: 'Export the seating list', 登记考场节点: 'Register a room node',
  考场节点加入: 'A room node joined', 吊销考场节点: 'Revoke a room node', 指派考场节点: 'Assign a room node', 收到考场试卷包: 'Received the papers of a room',
  考场启封: 'Open the papers in a room', 考场启封未成: 'Papers did not open in a room', 录入启封密钥的一半: 'Enter half of a release key',
  两人核对时钟: 'Two people compared the clock', 收到考场回传: 'Received what a room sent back', 考场收卷完毕: 'A room has collected all papers',
  回传后清除考场密钥与名单: 'Keys and list of a room wiped after the hand-up', 考场节点的审计链不符: 'The audit chain of a node does not hold',
  建立回传密钥: 'Key for a hand-up made', 回传的文件或录像与摘要不符: 'A file or recording handed up differs from its digest', 节点上的文件或录像已损坏: 'A file or recording on a node is damaged',
  保存演练报告: 'Keep a rehearsal report', 下令在考场节点上演练: 'Order a rehearsal on a node',
  考场节点开始演练: 'A node began a rehearsal', 考场节点演练结束: 'A node’s rehearsal ended', 提交后台计算: 'Ask for a computation', 停止后台计算: 'Stop a computation', 机器阅卷: 'Machine marking', 评阅主观题: 'Mark a written answer', 提交评分表: 'Hand in a score sheet',
  考评组长裁定: 'Decision of the head examiner', 更正答案并重新阅卷: 'Correct a key and mark again', 提交纸质答卷录入: 'Hand in a typed paper',
  裁定录入差异: 'Settle differences of typing', 复核作答雷同提示: 'Review similar answers', 上传并识别答题卡: 'Upload and read answer sheets',
  认定存疑涂写: 'Settle a doubtful mark', '抽查不符，改为全部复核': 'Sample differed: review all', 建立合格线评议组: 'Open a cut-score panel',
  提交合格线评议: 'Hand in ratings of the panel', 免去评议人员: 'Excuse a panel member', 进入第二轮评议: 'Begin the second round', 结束合格线评议: 'Close a cut-score panel',
  估计试题参数: 'Estimate item parameters', 采用试题参数: 'Take item parameters', 计算成绩: 'Compute results', 公布成绩: 'Publish results', 评定: 'Decide the award',
  申请复核: 'Ask for a recheck', 答复复核: 'Answer a recheck', 签发证书: 'Issue a certificate', 撤销证书: 'Revoke a certificate', 作废证书: 'Void a certificate',
  遗失补发证书: 'Reissue a lost certificate', 更正换发证书: 'Correct and replace a certificate', 公开或隐藏证书照片: 'Show or hide the photo of a certificate',
  打印证书: 'Print a certificate', 放行证书用词: 'Release a word on certificates',
  // notices from a machine
  考试页被遮住或切走: 'The exam page was covered or left', 离开考试窗口: 'Left the exam window', 退出全屏: 'Left full screen', 粘贴: 'Pasted', 打印: 'Printed',
  考试机时钟跳变: 'The clock of the machine jumped', 没有允许摄像头或麦克风: 'Camera or microphone not allowed', 摄像头或麦克风中断: 'Camera or microphone lost',
  录像没有及时送出: 'The recording came late', 不同意录制: 'Did not agree to be recorded', 音视频播放超过规定次数: 'A sound or film was played too often',
  // roles
  考生: 'candidate', 报名审核员: 'registrar', 命题员: 'item author', 审题员: 'item reviewer', 阅卷人: 'marker', 考评员: 'examiner', 考评组长: 'head examiner',
  评委: 'panel member', 监考员: 'invigilator', 质量督导员: 'quality supervisor', 证书签发员: 'certificate issuer', 系统管理员: 'system administrator',
  安全管理员: 'security administrator', 审计管理员: 'audit administrator', 招生合作机构: 'partner', 试卷启封员: 'release officer',
  // duties
  监考人员: 'invigilator', 考评人员: 'examiner', 综合评审委员: 'panel member',
  // why somebody stands aside
  亲属: 'kin', 师生: 'teacher and pupil', 同单位: 'the same employer', 本人考生或其他利害: 'own candidate, or another interest', 本人: 'the same person',
  // states of a session, a batch, an application
  编排中: 'being arranged', 已编排: 'arranged', 试卷已封装: 'papers sealed', 试卷已启封: 'papers open', 进行中: 'running', 已结束: 'over', 已取消: 'cancelled',
  报名开放: 'open for applications', 报名截止: 'closed for applications', 已归档: 'archived', 填写中: 'being filled in', 待审核: 'waiting for review',
  退回修改: 'returned', 审核通过: 'accepted', 审核不通过: 'refused', 已撤回: 'withdrawn',
  // what can happen to a certificate
  签发: 'Issued', 遗失补发: 'Reissued after loss', 更正换发: 'Corrected and replaced', 撤销: 'Revoked', 作废: 'Declared void',
  持证人同意公开照片: 'Holder agreed to show photo', 持证人撤回公开照片: 'Holder withdrew the photo',
  // printed facts of a certificate
  姓名: 'Name', 证件类型: 'ID type', 证件号码: 'ID No.', 职业名称: 'Occupation', 培训项目: 'Programme', '工种/职业方向': 'Direction', 方向: 'Direction', 职业技能等级: 'Skill level',
  等级: 'Level', 证书编号: 'Certificate No.', 评价机构名称: 'Issuing body', 发证机构: 'Issuing body', 发证日期: 'Date of issue',
  // kinds of item
  填空题: 'Fill in', '计算题（抽取数据）': 'Calculation (drawn numbers)', 案例分析题: 'Case', 热点题: 'Hotspot', 匹配题: 'Matching', 多项选择题: 'Multiple choice',
  计算题: 'Numeric', 排序题: 'Ordering', 简答题: 'Short answer', 单项选择题: 'Single choice', 判断题: 'True or false', 上传题: 'Upload',
  // formats of item files
  'CSV 表格': 'CSV table', 'Word 表格': 'Word table', 'Excel 表格': 'Excel table',
};
export default labels;
