// Words of scans and photos. The kinds are those of the API.
export default {
  'zh-CN': {
    kind: { signed_paper: '签字文书', test_strip: '试剂板', report: '检验报告', receipt: '回执', order: '决定书', identity_document: '证件', photo: '照片', other: '其他' },
    kindLabel: '类别', choose: '选择文件', take: '拍照', hint: 'JPEG、PNG 或 PDF，最大 10 MB；照片中的位置和设备信息会被去除。', unreadable: '这个文件不是能识别的照片。请把手机相机设为 JPEG 格式后重拍。', tooLarge: '文件超过 {n} MB，请压缩后再传。', count: '照片 {n}/{most}', removed: '位置信息已去除', drop: '移除第 {n} 张', full: '最多 {n} 张。', noRoom: '本机空间不足，还需约 {n} MB。', waiting: '待发送', shows: '{kind}，{who}，{time}',
  },
  en: {
    kind: { signed_paper: 'Signed paper', test_strip: 'Test strip', report: 'Laboratory report', receipt: 'Receipt', order: 'Order', identity_document: 'Identity document', photo: 'Photo', other: 'Other' },
    kindLabel: 'Kind', choose: 'Choose a file', take: 'Take a photo', hint: 'JPEG, PNG or PDF, up to 10 MB; place and device are taken out of photos.', unreadable: 'This file is no photo that can be read. Set the camera of the phone to JPEG and take it again.', tooLarge: 'The file is larger than {n} MB: make it smaller.', count: 'Photos {n}/{most}', removed: 'the place was taken out', drop: 'Remove photo {n}', full: 'At most {n}.', noRoom: 'There is no room on this device: {n} MB more are needed.', waiting: 'waiting', shows: '{kind}, {who}, {time}',
  },
}
