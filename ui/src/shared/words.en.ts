// English for the closed lists of words that the server's sentences are filled with: those of
// src/programme/vocabulary.h, the levels, the titles of identity documents. A spec holds them against the sources.
const words: Record<string, string> = {
  // scopes
  本职业: 'this occupation', 相关职业: 'a related occupation', 本职业或相关职业: 'this or a related occupation', 相关领域: 'a related field', 其他职业: 'another occupation',
  // how time is counted
  累计: 'in all', 连续: 'without a break',
  // grades and titles
  初级: 'junior', 中级: 'intermediate', 高级: 'senior',
  符合专业对应关系的: 'in a matching speciality', 相关专业的: 'in a related speciality', 其他专业的: 'in another speciality',
  // schools
  技工学校: 'technical school', 高级技工学校: 'senior technical school', 技师学院: 'technician college', 中等职业学校: 'secondary vocational school', 高等职业学校: 'higher vocational college', 专科及以上普通高等学校: 'college or university',
  高级工班: 'senior-worker class', 预备技师班: 'pre-technician class', 技师班: 'technician class',
  高中: 'senior high school', 高中同等学力: 'equivalent to senior high school', 中专: 'secondary vocational', 大专: 'associate', 本科: 'bachelor', 研究生: 'postgraduate',
  本专业: 'the major itself', 相关专业: 'a related major', 其他专业: 'another major',
  毕业: 'graduated', 应届在读: 'in the final year', 在读: 'enrolled',
  相关院校: 'related school',
  已证明: 'proved', 仅申报: 'claimed only',
  // documents
  居民身份证: 'resident identity card', 港澳居民来往内地通行证: 'mainland travel permit for Hong Kong and Macao residents', 台湾居民来往大陆通行证: 'mainland travel permit for Taiwan residents', 港澳居民居住证: 'residence permit for Hong Kong and Macao residents', 台湾居民居住证: 'residence permit for Taiwan residents', 外国人永久居留身份证: 'foreign permanent resident card', 护照: 'passport',
};
export default words;
